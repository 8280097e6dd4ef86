/** Whether what takes minutes is wanted, too: by `npm test -- --long`. */
export const IS_LONG = process.env.LONG_TESTS !== undefined;
