import { MAX_MESSAGE_BYTES } from '@netbuild/realtime-protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSpeech, type Piece } from '../src/speech.ts';

const isWhole = (text: string) => text.isWellFormed();

/** Takes steps or deltas until there are none, as their readers put them together: by message. */
function taken(next: () => Piece | undefined, done: (piece: Piece) => void): Map<string, string> {
  const texts = new Map<string, string>();
  for (let piece = next(); piece; piece = next()) {
    const before = texts.get(piece.messageId) ?? '';
    expect(piece.offset).toBe(before.length);
    expect(isWhole(piece.text), 'no half of a character is told').toBe(true);
    texts.set(piece.messageId, before + piece.text);
    done(piece);
  }
  return texts;
}

test('Whatever is said in whatever parts comes whole, once and in order, in messages that are not too long', () => {
  const part = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.constantFrom('🦊'.repeat(3000), 'é'.repeat(9000), 'x'.repeat(MAX_MESSAGE_BYTES), '\ud83e', '\udd8a'),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), fc.integer({ min: 200, max: 5000 }), (parts, most) => {
      const whole = parts.join('').isWellFormed() ? parts : [...parts, '.'].map((one) => one.toWellFormed());
      const speech = createSpeech('a1');
      for (const one of whole) speech.add(one);
      const heard = taken(() => speech.unheard(most), speech.heard);
      const text = [...heard.values()].join('');
      expect(whole.join('').startsWith(text)).toBe(true);
      expect(isWhole(whole.join('').slice(text.length)) && text.length < whole.join('').length).toBe(false);
      for (const message of heard.values())
        expect(Buffer.byteLength(message)).toBeLessThanOrEqual(MAX_MESSAGE_BYTES);
      const saved = taken(speech.unsaved, speech.saved);
      for (const [id, message] of saved) expect(heard.get(id)).toBe(message);
    }),
    { numRuns: 20 },
  );
});

test('A message that is blank so far waits for a word', () => {
  const speech = createSpeech('a1');
  speech.add(' \n');
  expect(speech.unsaved()).toBeUndefined();
  expect(speech.unheard(10)).toMatchObject({ offset: 0, text: ' \n' });
  speech.add('Hello');
  expect(speech.unsaved()).toEqual({ messageId: 'a1-1', offset: 0, text: ' \nHello' });
});
