import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** ASN.1 in DER: a tag, how long it is, and what is in it. */
function der(tag, ...parts) {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part)));
  const length =
    body.length < 128
      ? [body.length]
      : body.length < 256
        ? [0x81, body.length]
        : [0x82, body.length >> 8, body.length & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

const sequence = (...parts) => der(0x30, ...parts);
const oid = (hex) => der(0x06, Buffer.from(hex, 'hex'));
const time = (at) => der(0x17, `${at.toISOString().replace(/[-:T]/g, '').slice(2, 14)}Z`);
const name = (text) => sequence(der(0x31, sequence(oid('550403'), der(0x0c, text))));

/**
 * A certificate of its own making for `localhost` and 127.0.0.1 (RFC 5280, ECDSA with P-256), good for a day.
 *
 * @returns {{ certificate: string, key: string }} as PEM
 */
function selfSigned() {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = sequence(oid('2a8648ce3d040302'));
  const day = 24 * 60 * 60 * 1000;
  const names = sequence(der(0x82, 'localhost'), der(0x87, [127, 0, 0, 1]));
  const toSign = sequence(
    der(0xa0, der(0x02, [2])),
    der(0x02, [1, ...randomBytes(8)]),
    algorithm,
    name('localhost'),
    sequence(time(new Date(Date.now() - day)), time(new Date(Date.now() + day))),
    name('localhost'),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(sequence(oid('551d11'), der(0x04, names)))),
  );
  const signature = der(0x03, [0], sign('sha256', toSign, privateKey));
  const base64 = sequence(toSign, algorithm, signature)
    .toString('base64')
    .match(/.{1,64}/g)
    .join('\n');
  return {
    certificate: `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
  };
}

/** Writes one as nginx wants it; answers the folder and the certificate, which clients are to trust. */
export async function certificateIn(folder) {
  const { certificate, key } = selfSigned();
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'fullchain.pem'), certificate);
  await writeFile(path.join(folder, 'privkey.pem'), key, { mode: 0o600 });
  return { tls: folder, certificate };
}
