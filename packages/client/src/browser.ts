/** The same as the package; what is published of it is one file with all that it needs inside, for pages without a bundler. */
export * from './index.ts';
