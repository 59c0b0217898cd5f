"""Territory (区划与网格): units, grids, exclusions; their import; defects of the partition."""
