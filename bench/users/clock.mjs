/** Milliseconds of the machine's monotonic clock, which is one for all processes. */
export const now = () => Number(process.hrtime.bigint()) / 1e6;

/** An id that says when an event was posted. */
export const stampedId = (n) => `${n}@${now().toFixed(3)}`;

/** When an event was posted: its id comes back from the log as `<source>/<id>#<n>`. */
export const postedAt = (id) => Number.parseFloat(id.slice(id.indexOf('@') + 1));
