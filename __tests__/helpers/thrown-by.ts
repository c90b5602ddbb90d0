/** The error that a call throws. Fails where it throws none. */
export function thrownBy(call: () => unknown): Error {
  try {
    call();
  } catch (error) {
    // Not `instanceof`: what Node itself throws is an Error of another realm under Jest.
    return error as Error;
  }
  throw new Error("expected the call to throw");
}
