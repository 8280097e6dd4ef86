import { createHash } from 'node:crypto';

/** A Lua script, and the name under which Redis knows it. */
export interface Script {
  text: string;
  sha: string;
}

/**
 * What every script does first. Only a master answers: a replica, or a master that was demoted, may be behind.
 *
 * A master's replication id is another after each promotion and each restart, that is whenever the log may have
 * been rewound. It is kept beside the log, so whoever finds another one there begins a new life.
 */
const PREAMBLE = `
local base = ARGV[1]
local info = redis.call('INFO', 'replication')
if not string.find(info, 'role:master', 1, true) then
  return redis.error_reply('READONLY this Redis is a replica, and its log may be behind')
end
local master = string.match(info, 'master_replid:(%w+)')
local replicas = string.match(info, 'connected_slaves:(%d+)')
local meta = redis.call('HMGET', KEYS[1], 'seq', 'epoch', 'master', 'floor')
local floor = tonumber(meta[4] or '0')
-- Lua writes numbers above 10^14 with an exponent otherwise.
local function text(number) return string.format('%.0f', number) end
local function damaged(what) error({ err = 'DAMAGED ' .. what .. ' is missing in ' .. base }) end
`;

/**
 * Where events stand: in lists of a fixed length, so that the place of each is known by its seq, and what was
 * written there can be replaced. (A stream can not do that: what is deleted from it stays in its nodes, and in
 * every copy on a disk.) An event is `prev \t version \t open \t subject \t rooms \t left \t body`, and the
 * empty text where it was erased, or forgotten below the floor. `prev` is the seq of the event that its subject
 * had before: whoever erases a subject finds all of them.
 */
const EVENTS = `
local LENGTH = 256
local function list(seq) return base .. 'e:' .. text(math.floor((seq - 1) / LENGTH)) end
local function place(seq) return (seq - 1) % LENGTH end
local function eventAt(seq)
  local event = redis.call('LINDEX', list(seq), place(seq))
  if not event and seq > floor then damaged('event ' .. text(seq)) end
  return event or ''
end
-- Those of a part of the log, each in its place; below the floor some may be gone.
local function eventsFrom(seq, last, found)
  while seq <= last do
    local at = place(seq)
    local count = math.min(LENGTH - at, last - seq + 1)
    local part = redis.call('LRANGE', list(seq), at, at + count - 1)
    if #part < count then damaged('event ' .. text(seq + #part)) end
    for _, event in ipairs(part) do found[#found + 1] = event end
    seq = seq + count
  end
end
local function parse(event)
  local prev, open, subject, rooms, left = string.match(event, '^(%d*)\\t%d+\\t([01])\\t([^\\t]*)\\t([^\\t]*)\\t([^\\t]*)\\t')
  return prev, open, subject, rooms, left
end
local function rowAt(subject)
  local stored = redis.call('HGET', KEYS[3], subject)
  if not stored then return nil end
  local seq, first = string.match(stored, '^(%d+) (%d+)$')
  return tonumber(seq), first
end
`;

/** Takes events out of the past. */
const PAST = `
-- Answers the one before, and how many records that took.
local function takeOut(seq)
  local event = eventAt(seq)
  if event == '' then return nil, 1 end
  local prev, _, _, rooms, left = parse(event)
  redis.call('LSET', list(seq), place(seq), '')
  local work = 1
  for _, names in ipairs({ rooms, left }) do
    for room in string.gmatch(names, '[^\\n]+') do
      redis.call('ZREM', base .. 'r:' .. room, text(seq))
      work = work + 1
    end
  end
  return tonumber(prev), work
end
-- Removes the list of this event where nothing is left in it.
local function tidy(seq)
  local last = math.ceil(seq / LENGTH) * LENGTH
  if last > floor then return end
  for _, event in ipairs(redis.call('LRANGE', list(seq), 0, -1)) do
    if event ~= '' then return end
  end
  redis.call('DEL', list(seq))
end
`;

/** Begins a new life where the master is another one. Lives beyond a thousand are forgotten. */
const BEGIN_LIFE = `
local function beginLife(epoch)
  if meta[3] == master then return end
  local head = meta[1] or '0'
  redis.call('HSET', KEYS[1], 'seq', head, 'epoch', epoch, 'master', master)
  redis.call('RPUSH', KEYS[2], epoch .. ' ' .. text(tonumber(head) + 1))
  redis.call('LTRIM', KEYS[2], -1000, -1)
  meta = { head, epoch, master, meta[4] }
end
`;

/**
 * A script that writes. Redis refuses it before its first command where memory is full, the disk fails or
 * replicas are missing, so nothing is left half-written.
 */
export function writing(body: string): Script {
  return script(`#!lua\n${PREAMBLE}${BEGIN_LIFE}${EVENTS}${PAST}${body}`);
}

/** A script that writes some bytes at most, or frees memory: it may do so even where memory is full. */
export function tidying(body: string): Script {
  return script(`#!lua flags=allow-oom\n${PREAMBLE}${BEGIN_LIFE}${EVENTS}${PAST}${body}`);
}

/** A script that reads. It answers nothing where a life must begin first. */
export function reading(body: string): Script {
  return script(
    `#!lua flags=no-writes\n${PREAMBLE}if meta[3] ~= master then return false end\n${EVENTS}${body}`,
  );
}

function script(text: string): Script {
  return { text, sha: createHash('sha1').update(text).digest('hex') };
}
