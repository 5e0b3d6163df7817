// What pages of the room say to each other, as JSON.

// What another page said; null for what no page of ours says.
export function read(text) {
  try {
    const words = JSON.parse(text);
    return words && typeof words === "object" ? words : null;
  } catch {
    return null;
  }
}
