/** Requests by the gateway's own description of its routes, and beside it. */

const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH', 'TRACE'];
const PUBLISH = '/v1/events';
const STRUCTURED = 'application/cloudevents+json';
const TYPES = [
  'application/json',
  'application/cloudevents+json',
  'application/cloudevents-batch+json',
  'text/plain',
  'multipart/form-data; boundary=',
  'application/json; charset=utf-7',
  '',
];

/**
 * @param {ReturnType<import('../../scripts/lib/random.mjs').randomOf>} random
 * @param {ReturnType<import('./values.mjs').valuesOf>} values
 * @param {object} openApi the document
 * @param {() => object} webhook a request that is signed
 */
export function requestsOf(random, values, openApi, webhook) {
  const operations = Object.entries(openApi.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([method]) => METHODS.includes(method.toUpperCase()))
      .map(([method, operation]) => ({ path, method: method.toUpperCase(), ...operation })),
  );

  const published = openApi.paths[PUBLISH].post.requestBody.content;
  const publications = [
    inBinaryMode,
    ...Object.entries(published)
      .filter(([type]) => type !== 'application/json')
      .map(
        ([type, { schema }]) =>
          () =>
            publication(type, event(schema)),
      ),
  ];

  /** @returns {{ method: string, path: string, headers: Record<string, string>, body: string | Buffer | undefined, pass?: string }} `pass`: what lets in there */
  return function request() {
    const kind = random.weighed({ any: 6, event: 3, webhook: 1 });
    if (kind === 'webhook') return webhook();
    if (kind === 'event') return random.pick(publications)();
    const { path, method, parameters = [], requestBody, security = [] } = random.pick(operations);
    const inPlace = path.replace(
      /\{[^}]+\}/g,
      () => encodeURIComponent(wellFormed(values.text()).slice(0, 500)) || 'x',
    );
    const query = parameters
      .filter((parameter) => parameter.in === 'query' && random.next() < 0.8)
      .map(({ name }) => `${name}=${encodeURIComponent(wellFormed(values.text()).slice(0, 2000))}`);
    const odd = random.next() < 0.1 ? ['__proto__[a]=1', 'a[b][c]=1', 'room=1&room=2', '%', 'a=%ff'] : [];
    if (odd.length > 0) query.push(random.pick(odd));
    const content = requestBody?.content ?? {};
    const type =
      random.next() < 0.8 ? (random.pick(Object.keys(content)) ?? 'application/json') : random.pick(TYPES);
    const used = random.next() < 0.9 ? method : random.pick(METHODS);
    const hasBody = used !== 'GET' && used !== 'HEAD' && used !== 'TRACE';
    return {
      pass: Object.keys(security[0] ?? {})[0],
      method: used,
      path: query.length > 0 ? `${inPlace}?${query.join('&')}` : inPlace,
      headers: { ...(type === '' ? {} : { 'content-type': type }), ...inHeaders(parameters) },
      body: hasBody ? body(content[type]?.schema ?? Object.values(content)[0]?.schema) : undefined,
    };
  };

  /** CloudEvents that are whole but for little, by the schemas of all types that may be published, in each mode. */
  function publication(type, body, headers = {}) {
    return {
      pass: 'publisherKey',
      method: 'POST',
      path: PUBLISH,
      headers: { 'content-type': type, ...headers },
      body,
    };
  }

  function event(schema) {
    return values.fitting(schema, random.pick([0, 0.01, 0.05]), openApi);
  }

  function inBinaryMode() {
    const { data = null, ...attributes } = JSON.parse(event(published[STRUCTURED].schema)) ?? {};
    const headers = Object.entries(attributes)
      .filter(([name]) => /^[a-z]+$/.test(name))
      .map(([name, value]) => [
        `ce-${name}`,
        encodeURIComponent(wellFormed(typeof value === 'string' ? value : JSON.stringify(value))).slice(
          0,
          1000,
        ),
      ]);
    return publication('application/json', JSON.stringify(data), Object.fromEntries(headers));
  }

  /** Now and then all that a request may say in headers: those who name one mostly name the others too. */
  function inHeaders(parameters) {
    if (random.next() < 0.5) return {};
    const named = parameters.filter((parameter) => parameter.in === 'header');
    return Object.fromEntries(named.map(({ name, schema }) => [name, headerOf(schema)]));
  }

  function headerOf({ const: only }) {
    if (only !== undefined && random.next() < 0.9) return only;
    const text = wellFormed(values.text()).slice(0, 300);
    // Node itself lets no other characters through.
    return random.next() < 0.7 ? encodeURIComponent(text) : text.replace(/[^\t\x20-\x7e\x80-\xff]/g, '%');
  }

  function body(schema) {
    const text = schema ? values.fitting(schema, 0.12, openApi) : values.any();
    const kind = random.weighed({ whole: 8, cut: 1, bytes: 1 });
    if (kind === 'whole') return text;
    return kind === 'cut'
      ? text.slice(0, random.below(text.length + 1))
      : values.bytes(random.between(0, 300));
  }
}

/** encodeURIComponent refuses half a surrogate pair. */
const wellFormed = (text) => text.toWellFormed();
