import { tidying } from './scripts.ts';

/**
 * Lets go of the bodies of ended rows below the floor. Arguments: the life that it is for, then of each row its
 * subject and its seq. What is left of an event is all that stands before its body. Answers of how many it did.
 */
export const LET_GO = tidying(`
if meta[3] ~= master or meta[2] ~= ARGV[2] then return 0 end
local count = 0
for n = 3, #ARGV, 2 do
  local seq = tonumber(ARGV[n + 1])
  if seq <= floor and rowAt(ARGV[n]) == seq then
    local event = eventAt(seq)
    local header = string.match(event, '^%d*\\t%d+\\t0\\t[^\\t]*\\t[^\\t]*\\t[^\\t]*\\t')
    if header and header ~= event then
      redis.call('LSET', list(seq), place(seq), header)
      count = count + 1
    end
  end
end
return count
`);

/**
 * Forgets what is no longer kept, a share at a time. Arguments: epoch of a life to begin, age and count of events
 * to keep, the same up to which readers are waited for, age of ended rows, the shortest and the longest of the
 * ages; each empty where it was left out; then the beginnings of the ended rows that stay. The time is the
 * server's own, so that gateways need not agree on it.
 *
 * What is not the last event of a row goes, out of its rooms too. Below the floor there are then only the last
 * events of rows, so whoever goes through them finds those that have ended.
 *
 * Answers the floor, whether there is more to do, and the readers with how far they are.
 */
export const TRIM = tidying(`
local SHARE = 2000
beginLife(ARGV[2])
local head = tonumber(meta[1])
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local marks, readers = KEYS[4], redis.call('HGETALL', KEYS[5])

local function olderThan(age)
  local found = redis.call('ZREVRANGEBYSCORE', marks, text(now - age), '-inf', 'LIMIT', 0, 1)[1]
  return tonumber(found or '0')
end
local function beyond(age, count)
  return math.max(age and olderThan(age) or 0, count and head - count or 0)
end
local function note(shortest, longest)
  local last = redis.call('ZREVRANGE', marks, 0, 0, 'WITHSCORES')
  local isDue = not last[1] or now - tonumber(last[2]) >= shortest * 0.01
  if isDue and head > tonumber(last[1] or '0') then redis.call('ZADD', marks, text(now), text(head)) end
  local old = redis.call('ZREVRANGEBYSCORE', marks, text(now - longest), '-inf', 'WITHSCORES', 'LIMIT', 0, 1)
  if old[1] then redis.call('ZREMRANGEBYSCORE', marks, '-inf', '(' .. old[2]) end
end

local age, count, waitingAge, waitingCount, ended = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
if ARGV[8] ~= '' then note(tonumber(ARGV[8]), tonumber(ARGV[9])) end

local needed = math.huge
for n = 2, #readers, 2 do needed = math.min(needed, tonumber(readers[n])) end
local upTo = math.min(beyond(age, count), math.max(needed, beyond(waitingAge, waitingCount)))
local share, before = SHARE, floor
while floor < upTo and share > 0 do
  local seq = floor + 1
  local event = eventAt(seq)
  local _, _, subject = parse(event)
  local work = 1
  if event ~= '' and not (subject ~= '' and rowAt(subject) == seq) then _, work = takeOut(seq) end
  share = share - work
  floor = seq
  if place(seq) == LENGTH - 1 then tidy(seq) end
end
if floor > before then redis.call('HSET', KEYS[1], 'floor', text(floor)) end

local function lasts(subject)
  for n = 10, #ARGV do
    if string.sub(subject, 1, #ARGV[n]) == ARGV[n] then return true end
  end
  return false
end
if ended then
  local cursor = tonumber(redis.call('HGET', KEYS[1], 'ended') or '0')
  local last, start = math.min(olderThan(ended), floor), cursor
  while cursor < last and share > 0 do
    cursor = cursor + 1
    local event = eventAt(cursor)
    local work = 1
    if event ~= '' then
      local _, open, subject = parse(event)
      if open == '0' and not lasts(subject) then
        redis.call('HDEL', KEYS[3], subject)
        _, work = takeOut(cursor)
      end
    end
    share = share - work
    if place(cursor) == LENGTH - 1 then tidy(cursor) end
  end
  if cursor > start then redis.call('HSET', KEYS[1], 'ended', text(cursor)) end
end
return { meta[2], meta[1], text(floor), share <= 0 and 1 or 0, readers }
`);
