/** MapLibre's own words, in Chinese. */
export const LOCALE = {
  "Map.Title": "地图",
  "NavigationControl.ZoomIn": "放大",
  "NavigationControl.ZoomOut": "缩小",
  "NavigationControl.ResetBearing": "恢复正北",
  "ScaleControl.Meters": "米",
  "ScaleControl.Kilometers": "公里",
  "CooperativeGesturesHandler.WindowsHelpText": "按住 Ctrl 键滚动以缩放",
  "CooperativeGesturesHandler.MacHelpText": "按住 ⌘ 键滚动以缩放",
  "CooperativeGesturesHandler.MobileHelpText": "请用两根手指移动地图",
};
