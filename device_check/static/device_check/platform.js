// Where a check cannot work.

const IN_APP = /FBAN|FBAV|FB_IAB|Instagram|Viber|Telegram|musical_ly|Bytedance|\bLine\/|; wv\)/;

// Whether the page is open inside an app that is no browser.
export const inApp = (agent = navigator.userAgent) =>
  IN_APP.test(agent) || (/iPhone|iPad/.test(agent) && !/Safari\//.test(agent));

// Why a check cannot work here at all, or "".
export function obstacle(scope = window) {
  const { isSecureContext, navigator, RTCPeerConnection, AudioWorkletNode } = scope;
  if (!isSecureContext) {
    return "insecure_page";
  }
  if (navigator.mediaDevices?.getUserMedia && RTCPeerConnection && AudioWorkletNode) {
    return "";
  }
  return inApp(navigator.userAgent) ? "in_app_browser" : "unsupported";
}
