/** A value of a document that is of a type of its own in BSON. */
interface BsonValue {
  _bsontype: string;
}

/** The value of a document as JSON has it; `undefined` where it says nothing, or nothing that JSON could say. */
export function plain(value: unknown): unknown {
  if (value === null || value === undefined) return undefined;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.toISOString();
  if (Array.isArray(value)) return value.map((one) => plain(one) ?? null);
  if (typeof value === 'bigint') return whole(value);
  if (typeof value !== 'object')
    return typeof value === 'number' && !Number.isFinite(value) ? undefined : value;
  if ('_bsontype' in value) return plainBson(value as BsonValue);
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, part]) => {
      const said = name === '__proto__' ? undefined : plain(part);
      return said === undefined ? [] : [[name, said]];
    }),
  );
}

/** What the driver does not make a value of JavaScript by itself. */
function plainBson(value: BsonValue): unknown {
  switch (value._bsontype) {
    case 'ObjectId':
    case 'Decimal128':
    case 'UUID':
      return String(value);
    case 'Long':
      return whole(BigInt(String(value)));
    case 'Int32':
    case 'Double':
      return plain(Number(value));
    case 'Binary': {
      const { sub_type: kind, position } = value as BsonValue & { sub_type: number; position: number };
      const bytes = Buffer.from((value as BsonValue & { buffer: Uint8Array }).buffer).subarray(0, position);
      return kind === UUID && bytes.length === 16 ? uuid(bytes.toString('hex')) : bytes.toString('base64');
    }
    default:
      return undefined;
  }
}

/** The subtype of binary data that is a UUID (https://bsonspec.org/spec.html). */
const UUID = 4;

const uuid = (hex: string): string => hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');

/** Beyond 2^53 a number of JSON would be another one. */
const whole = (value: bigint): number | string =>
  Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
