import { createPublisher } from '../../src/index.ts';

// Publishes so many events as its last act, and says what was dropped.
const [url, key, events, closeTimeout] = process.argv.slice(2);
const publisher = createPublisher({
  url: url!,
  key: key!,
  source: 'shop',
  closeTimeout: Number(closeTimeout),
  onRefused: ({ id }, { code }) => console.log(`${id} ${code}`),
  onRetry: () => undefined,
});
for (let n = 1; n <= Number(events); n++)
  publisher.publish('x:parcel', { id: `${n}` }, { id: `${n}`, executionId: 'e1' });
