// Which browser and system this is. It only chooses words of advice, never what is tried.

const IN_APP = /FBAN|FBAV|FB_IAB|Instagram|Viber|Telegram|musical_ly|Bytedance|\bLine\/|; wv\)/;

export function platform(agent = navigator.userAgent, touchPoints = navigator.maxTouchPoints) {
  const has = (pattern) => pattern.test(agent);
  // An iPad calls itself a Macintosh, but no Macintosh has a touch screen.
  const system =
    (has(/iPhone|iPad|iPod/) || (has(/Macintosh/) && touchPoints > 1) ? "ios" : "") ||
    (/Android|Windows|Macintosh/.exec(agent)?.[0].toLowerCase() ?? "other");
  const safari = has(/AppleWebKit/) && !has(/Chrome\//) ? "safari" : "chromium";
  const family = has(/Firefox\//) ? "firefox" : safari;
  const inApp = has(IN_APP) || (has(/iPhone|iPad/) && !has(/Safari\//));
  return { system, family, inApp };
}

// Why a check cannot work here at all, or "".
export function obstacle(scope = window) {
  if (!scope.isSecureContext) {
    return "insecure_page";
  }
  if (scope.navigator.mediaDevices?.getUserMedia && scope.RTCPeerConnection && scope.AudioWorkletNode) {
    return "";
  }
  return platform(scope.navigator.userAgent).inApp ? "in_app_browser" : "unsupported";
}
