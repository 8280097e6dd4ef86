export default [
  {
    input: 'src/browser.jsx',
    output: { file: 'dist/browser.js', minify: true, codeSplitting: false },
    transform: { define: { 'process.env.NODE_ENV': '"production"', 'process.env.NEXT_PUBLIC_WS_URL': '""' } },
  },
  {
    input: 'src/server.jsx',
    output: { file: 'dist/server.js' },
    platform: 'node',
    external: /^[^./]/,
  },
];
