import { useEffect, useLayoutEffect } from 'react';

/** `useLayoutEffect`, in a page. On a server it would do nothing, and React 18 complains of it there. */
export const useBeforePaint = typeof document === 'undefined' ? useEffect : useLayoutEffect;
