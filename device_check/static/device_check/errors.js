// Why a camera or a microphone did not open: one table by the name of the error. Texts of errors
// differ between versions and languages; they only help to tell refusals apart.

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

// Known besides the error: `state` of the permission after it, whether the policy of the page has
// `allowed` the device (undefined: cannot be asked), whether one is `listed`, whether we are `framed`.
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
    return /dismissed/i.test(error.message) ? "dismissed" : code;
  }
  // Firefox on macOS and Android calls a device that the system keeps back "not found".
  return code === "no_device" && listed ? "denied_by_system" : code;
}
