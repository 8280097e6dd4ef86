import { reading, tidying, writing } from './scripts.ts';

/** Begins a life, if that is due, with the epoch that it is given. */
export const BEGIN = tidying(`
beginLife(ARGV[2])
return 1
`);

/** Epoch, head, floor and lives. */
export const HEAD = reading(`
return { meta[2], meta[1], text(floor), redis.call('LRANGE', KEYS[2], 0, -1) }
`);

/** Entries after a position. Arguments: position, most of them. Answers the seq of the first, and each one's text. */
export const READ = reading(`
local after, head, found = math.max(tonumber(ARGV[2]), floor), tonumber(meta[1]), {}
local last = math.min(head, after + tonumber(ARGV[3]))
eventsFrom(after + 1, last, found)
return { meta[2], meta[1], text(floor), text(after + 1), found, last < head and 1 or 0 }
`);

/** The events at the positions of a list. */
const FETCH = `
local function fetch(seqs, limit)
  local found = {}
  for n = 1, math.min(#seqs, limit) do
    found[#found + 1] = seqs[n]
    found[#found + 1] = eventAt(tonumber(seqs[n]))
  end
  return found
end
`;

/** Entries of rooms after a position. Arguments: position, most of them, the rooms. */
export const READ_ROOMS = reading(`${FETCH}
local after, limit = text(math.max(tonumber(ARGV[2]), floor)), tonumber(ARGV[3])
local seqs, seen = {}, {}
-- Each room gives as much as the page could take of it.
for n = 4, #ARGV do
  for _, seq in ipairs(redis.call('ZRANGEBYSCORE', base .. 'r:' .. ARGV[n], '(' .. after, '+inf', 'LIMIT', 0, limit + 1)) do
    if not seen[seq] then
      seen[seq] = true
      seqs[#seqs + 1] = seq
    end
  end
end
if #ARGV > 4 then table.sort(seqs, function(a, b) return tonumber(a) < tonumber(b) end) end
return { meta[2], meta[1], text(floor), fetch(seqs, limit), #seqs > limit and 1 or 0 }
`);

/** Entries of a room before a position, newest first. Arguments: `(position` or `+inf`, most of them, the room. */
export const READ_BACK = reading(`${FETCH}
local before, limit, room = ARGV[2], tonumber(ARGV[3]), ARGV[4]
local seqs = redis.call('ZREVRANGEBYSCORE', base .. 'r:' .. room, before, '-inf', 'LIMIT', 0, limit + 1)
return { meta[2], meta[1], text(floor), fetch(seqs, limit), #seqs > limit and 1 or 0 }
`);

/** A row, its parts after one another: subject, seq of its last event and of its first, and the last event. */
const ADD_ROW = `
local function addRow(found, subject)
  local seq, first = rowAt(subject)
  if not seq then return end
  found[#found + 1] = subject
  found[#found + 1] = text(seq)
  found[#found + 1] = first
  found[#found + 1] = eventAt(seq)
end
`;

/** Rows by name. Arguments: the subjects. */
export const ROWS = reading(`${ADD_ROW}
local found = {}
for n = 2, #ARGV do addRow(found, ARGV[n]) end
return found
`);

/**
 * All rows, a share at a time. Arguments: about how many, the life in which the cursor was given, the cursor. In
 * another life it begins anew, since each process of Redis has an order of its own. Answers the next cursor, `0` after
 * the last share.
 */
export const EVERY_ROW = reading(`${ADD_ROW}
local found, cursor = {}, ARGV[3] == meta[2] and ARGV[4] or '0'
local answer = redis.call('HSCAN', KEYS[3], cursor, 'COUNT', ARGV[2])
for n = 1, #answer[2], 2 do addRow(found, answer[2][n]) end
return { meta[2], meta[1], answer[1], found }
`);

/**
 * Enters what was open before the room without a name was there, a share at a time. Arguments: epoch of a life to
 * begin, cursor. Answers the next cursor, `0` after the last share.
 */
export const ENTER_OPEN = writing(`
if redis.call('HEXISTS', KEYS[1], 'entered') == 1 then return '0' end
beginLife(ARGV[2])
local answer = redis.call('HSCAN', KEYS[3], ARGV[3], 'COUNT', 500)
for n = 1, #answer[2], 2 do
  local subject = answer[2][n]
  local seq = rowAt(subject)
  local _, open = parse(eventAt(seq))
  if open == '1' then redis.call('ZADD', base .. 'o:', 0, subject) end
end
if answer[1] == '0' then redis.call('HSET', KEYS[1], 'entered', '1') end
return answer[1]
`);

/**
 * Open rows of rooms after a name. Arguments: the name (or nothing), most of them, the rooms. Rooms are merged
 * by a heap of their next names, by bytes as Redis sorts them: Lua's own order depends on the machine's locale.
 */
export const SNAPSHOT = reading(`${ADD_ROW}
local after, limit = ARGV[2], tonumber(ARGV[3])
local least = after == '' and '-' or '(' .. after
local function before(a, b)
  for n = 1, math.min(#a, #b) do
    local x, y = string.byte(a, n), string.byte(b, n)
    if x ~= y then return x < y end
  end
  return #a < #b
end
local heap = {}
local function sink(n)
  local item = heap[n]
  while true do
    local child = n * 2
    if child > #heap then break end
    if child < #heap and before(heap[child + 1].name, heap[child].name) then child = child + 1 end
    if not before(heap[child].name, item.name) then break end
    heap[n] = heap[child]
    n = child
  end
  heap[n] = item
end
for n = 4, #ARGV do
  local names = redis.call('ZRANGEBYLEX', base .. 'o:' .. ARGV[n], least, '+', 'LIMIT', 0, limit + 1)
  if #names > 0 then heap[#heap + 1] = { names = names, at = 1, name = names[1] } end
end
for n = math.floor(#heap / 2), 1, -1 do sink(n) end
local found, last = {}, nil
while #heap > 0 do
  local first = heap[1]
  if first.name ~= last then
    if #found == limit * 4 then return { meta[2], meta[1], found, 1 } end
    last = first.name
    addRow(found, last)
  end
  first.at = first.at + 1
  first.name = first.names[first.at]
  if not first.name then heap[1] = heap[#heap]; heap[#heap] = nil end
  if #heap > 1 then sink(1) end
end
return { meta[2], meta[1], found, 0 }
`);

/**
 * Open rows of a room and one of others. Arguments: most of them, the room, the others. It leaps through both rooms in
 * turn, so that the smaller one decides how long it takes.
 */
export const MEETINGS = reading(`${ADD_ROW}
local limit, found, seen, count = tonumber(ARGV[2]), {}, {}, 0
for n = 4, #ARGV do
  local room, other = base .. 'o:' .. ARGV[3], base .. 'o:' .. ARGV[n]
  local at, least, agreed = nil, '-', 0
  while true do
    local name = redis.call('ZRANGEBYLEX', room, least, '+', 'LIMIT', 0, 1)[1]
    if not name then break end
    agreed = name == at and agreed + 1 or 1
    at, least = name, '[' .. name
    room, other = other, room
    if agreed == 2 then
      if not seen[at] then
        if count == limit then return { meta[2], meta[1], found, 1 } end
        seen[at], count = true, count + 1
        addRow(found, at)
      end
      least, agreed = '(' .. at, 0
    end
  end
end
return { meta[2], meta[1], found, 0 }
`);
