// Which browser and system this is. It only chooses the words of advice, never what is tried.

const IN_APP = /FBAN|FBAV|FB_IAB|Instagram|Viber|Telegram|musical_ly|BytedanceWebview|\bLine\/|; wv\)/;

export function platform(agent = navigator.userAgent, touchPoints = navigator.maxTouchPoints) {
  const has = (pattern) => pattern.test(agent);
  let system = "other";
  // An iPad calls itself a Macintosh, but no Macintosh has a touch screen.
  if (has(/iPhone|iPad|iPod/) || (has(/Macintosh/) && touchPoints > 1)) {
    system = "ios";
  } else if (has(/Android/)) {
    system = "android";
  } else if (has(/Windows/)) {
    system = "windows";
  } else if (has(/Macintosh/)) {
    system = "macos";
  }
  let family = "chromium";
  if (has(/Firefox\//)) {
    family = "firefox";
  } else if (!has(/Chrome\//) && has(/AppleWebKit/)) {
    family = "safari";
  }
  return {
    system,
    family,
    // Browsers of a phone ask for permission in the way of the phone.
    advice: system === "ios" || system === "android" ? system : family,
    inApp: has(IN_APP) || (has(/iPhone|iPad/) && !has(/Safari\//)),
  };
}

// Why a check cannot work here at all, or "".
export function obstacle(scope = window) {
  if (!scope.isSecureContext) {
    return "insecure_page";
  }
  const known =
    scope.navigator.mediaDevices?.getUserMedia &&
    scope.RTCPeerConnection &&
    scope.AudioWorkletNode &&
    scope.HTMLCanvasElement?.prototype.toBlob;
  if (!known) {
    return platform(scope.navigator.userAgent).inApp ? "in_app_browser" : "unsupported";
  }
  return "";
}
