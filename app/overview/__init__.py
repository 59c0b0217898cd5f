"""总览: how a unit stands, on one screen; every figure is another feature's."""
