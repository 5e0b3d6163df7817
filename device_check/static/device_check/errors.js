// Why a camera or a microphone did not open: one table by the name of the error. The text of an
// error differs between versions and languages; it only helps to tell refusals apart.

const BY_NAME = {
  NotAllowedError: "denied_by_browser",
  PermissionDeniedError: "denied_by_browser",
  SecurityError: "policy_blocked",
  InvalidStateError: "dismissed",
  NotFoundError: "no_device",
  DevicesNotFoundError: "no_device",
  NotReadableError: "busy",
  TrackStartError: "busy",
  AbortError: "busy",
  OverconstrainedError: "overconstrained",
  ConstraintNotSatisfiedError: "overconstrained",
  NotSupportedError: "unsupported",
  TypeError: "unsupported",
};

// What is known besides the error: `state` of the permission after it, whether the page's policy
// allows the device (undefined: cannot be asked), whether one is listed, whether we are in a frame.
export function reason(error, { state = "", allowed, listed = false, framed = false } = {}) {
  const code = BY_NAME[error.name] ?? "busy";
  if (code === "denied_by_browser") {
    if (allowed === false || (allowed === undefined && framed && state === "denied")) {
      return "policy_blocked";
    }
    // Allowed for the site and refused all the same: that was the system.
    if (state === "granted" || /by system/i.test(error.message)) {
      return "denied_by_system";
    }
    if (/dismissed/i.test(error.message)) {
      return "dismissed";
    }
  }
  // Firefox on macOS and Android calls a device that the system keeps back "not found".
  if (code === "no_device" && listed) {
    return "denied_by_system";
  }
  return code;
}

export const OF_PERMISSION = ["denied_by_browser", "denied_by_system", "dismissed", "policy_blocked"];
export const OF_BROWSER = ["unsupported", "insecure_page", "in_app_browser"];
