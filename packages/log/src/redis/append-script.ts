import { writing } from './scripts.ts';

/**
 * Compares and writes groups. It decides about all of them before its first write: an error inside a script
 * leaves standing what it wrote before. Bodies are carried, never looked into: Lua's JSON would turn `[]` into
 * `{}` and round large integers.
 *
 * - Arguments, see `append-call.ts`: base, epoch of a life to begin, writer's name, milliseconds to keep keys, `1`
 *   to write something in any case, number of groups; of each group its key, digest, life, numbers of reads,
 *   of what it erases and of events; of each read subject, kind and value; what it erases; of each event header
 *   and body.
 * - A header is `version \t open \t subject \t rooms \t left`; how events and rows are stored: `scripts.ts`.
 * - Answers epoch, head, whether it has or had replicas, and of each group what became of it.
 */
export const APPEND = writing(`
local epoch, writer, keep, nudge, count = ARGV[2], ARGV[3], ARGV[4], ARGV[5], tonumber(ARGV[6])
local at = 6
local function take() at = at + 1; return ARGV[at] end

local head = tonumber(meta[1] or '0')
if redis.call('LLEN', list(head + 1)) ~= place(head + 1) then damaged('a part of the log') end
local events, keys, rows, erased, results = {}, {}, {}, {}, {}

-- A row as it is at this point of the append. 'was' and 'stored' remember where its last event stands, and where
-- it is shown, before all of it. What is open is shown in the room without a name, too, where all of it is found.
local function shownIn(open, rooms) return open == '1' and '\\n' .. rooms or '' end
local function row(subject)
  local found = rows[subject]
  if not found then
    local seq, first = rowAt(subject)
    found = { seq = seq or 0, first = first, event = '', shown = '' }
    if seq then
      found.event = eventAt(seq)
      local _, open, _, rooms = parse(found.event)
      found.shown = shownIn(open, rooms)
    end
    found.was, found.stored = found.seq, found.shown
    rows[subject] = found
  end
  return found
end

local function known(key, digest)
  local value = keys[key] or redis.call('GET', base .. 'k:' .. key)
  if not value then return nil end
  local first, length, before = string.match(value, '^(%d+) (%d+) (.*)$')
  if before ~= '' and digest ~= '' and before ~= digest then return { 'conflict' } end
  return { 'known', first, length }
end

-- The positions at which a read is as it was; nothing where it was built on a group that is not written.
local function expected(kind, value)
  if kind == 'seq' then return tonumber(value), tonumber(value) end
  if kind == 'range' then
    local from, to = string.match(value, '^(%d+) (%d+)$')
    return tonumber(from), tonumber(to)
  end
  local built = kind == 'group' and results[tonumber(value) + 1]
  if not built or built[1] ~= 'new' then return nil end
  return tonumber(built[2]), tonumber(built[2]) + tonumber(built[3]) - 1
end

local function compare(reads)
  local result, named = { 'moved' }, {}
  for r = 1, reads do
    local subject, kind, value = take(), take(), take()
    if result[1] == 'moved' then
      local from, to = expected(kind, value)
      if not from then
        result = { 'fell', tostring(r - 1) }
      else
        local now = row(subject)
        if (now.seq < from or now.seq > to) and not named[subject] then
          named[subject] = true
          result[#result + 1] = subject
          result[#result + 1] = text(now.seq)
          result[#result + 1] = now.first or '0'
          result[#result + 1] = now.event
        end
      end
    end
  end
  return #result > 1 and result or nil
end

-- What is named by '#' and a seq, or by '/' and a subject.
local function erase(named)
  local name = string.sub(named, 2)
  if string.sub(named, 1, 1) == '#' then
    if tonumber(name) <= head then erased[#erased + 1] = { tonumber(name), true } end
    return
  end
  local now = row(name)
  if now.seq == 0 then return end
  erased[#erased + 1] = { now.seq, false }
  now.seq, now.first, now.event, now.shown, now.changed = 0, nil, '', '', true
end

local function add(header, body)
  head = head + 1
  local seq = text(head)
  local open, subject, rooms, left = string.match(header, '^%d+\\t([01])\\t([^\\t]*)\\t([^\\t]*)\\t([^\\t]*)$')
  local now = subject ~= '' and row(subject)
  local prev = now and now.seq > 0 and text(now.seq) or ''
  local event = prev .. '\\t' .. header .. '\\t' .. body
  events[#events + 1] = { event, rooms, left }
  if not now then return end
  now.first = now.first or seq
  now.seq, now.event, now.changed = head, event, true
  now.shown = shownIn(open, rooms)
end

for g = 1, count do
  local key, digest, life = take(), take(), take()
  local reads, erases, length = tonumber(take()), tonumber(take()), tonumber(take())
  local result = known(key, digest)
  if not result and life ~= '' and (meta[3] ~= master or meta[2] ~= life) then result = { 'over' } end
  if result then
    at = at + reads * 3 + erases + length * 2
  else
    result = compare(reads)
    if result then
      at = at + erases + length * 2
    else
      result = { 'new', text(head + 1), tostring(length) }
      keys[key] = result[2] .. ' ' .. result[3] .. ' ' .. digest
      for _ = 1, erases do erase(take()) end
      for _ = 1, length do add(take(), take()) end
    end
  end
  results[g] = result
end

-- All is decided; from here on it only writes.
beginLife(epoch)
local first = head - #events + 1
for n = 1, #events do
  local seq = first + n - 1
  local name = text(seq)
  redis.call('RPUSH', list(seq), events[n][1])
  for room in string.gmatch(events[n][2], '[^\\n]+') do redis.call('ZADD', base .. 'r:' .. room, name, name) end
  for room in string.gmatch(events[n][3], '[^\\n]+') do redis.call('ZADD', base .. 'r:' .. room, name, name) end
end
for _, named in ipairs(erased) do
  local seq, isAlone = named[1], named[2]
  -- An event that has a subject is left to it.
  if isAlone and select(3, parse(eventAt(seq))) ~= '' then seq = nil end
  while seq do
    local prev = takeOut(seq)
    tidy(seq)
    seq = prev
  end
end
for subject, now in pairs(rows) do
  if now.changed then
    if now.seq > 0 then
      redis.call('HSET', KEYS[3], subject, text(now.seq) .. ' ' .. now.first)
    else
      redis.call('HDEL', KEYS[3], subject)
    end
    -- It was kept for its row alone.
    if now.was > 0 and now.was <= floor then
      takeOut(now.was)
      tidy(now.was)
    end
    if now.shown ~= now.stored then
      local stays = {}
      for room in string.gmatch(now.shown, '[^\\n]+') do stays[room] = true end
      for room in string.gmatch(now.stored, '[^\\n]+') do
        if stays[room] then stays[room] = nil else redis.call('ZREM', base .. 'o:' .. room, subject) end
      end
      for room in pairs(stays) do redis.call('ZADD', base .. 'o:' .. room, 0, subject) end
      if now.shown == '' then redis.call('ZREM', base .. 'o:', subject) end
      if now.stored == '' then redis.call('ZADD', base .. 'o:', 0, subject) end
    end
  end
end
for key, value in pairs(keys) do redis.call('SET', base .. 'k:' .. key, value, 'PX', keep) end
if #events > 0 then
  redis.call('HSET', KEYS[1], 'seq', text(head))
  redis.call('PUBLISH', KEYS[4], writer .. ' ' .. meta[2] .. ' ' .. text(head))
elseif nudge == '1' then
  redis.call('HSET', KEYS[1], 'nudge', '1')
end
-- A replica that was promoted has left its master, which takes writes until it hears of that: they are lost as well.
local replicated = replicas ~= '0'
if replicated then
  redis.call('HSETNX', KEYS[1], 'replicated', '1')
else
  replicated = redis.call('HEXISTS', KEYS[1], 'replicated') == 1
end
return { meta[2], text(head), replicated and 1 or 0, results }
`);
