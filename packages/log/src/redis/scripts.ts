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
local meta = redis.call('HMGET', KEYS[1], 'seq', 'epoch', 'master')
-- Lua writes numbers above 10^14 with an exponent otherwise.
local function text(number) return string.format('%.0f', number) end
`;

/** Begins a new life where the master is another one. Lives beyond a thousand are forgotten. */
const BEGIN_LIFE = `
local function beginLife(epoch)
  if meta[3] == master then return end
  local head = meta[1] or '0'
  redis.call('HSET', KEYS[1], 'seq', head, 'epoch', epoch, 'master', master)
  redis.call('RPUSH', KEYS[2], epoch .. ' ' .. text(tonumber(head) + 1))
  redis.call('LTRIM', KEYS[2], -1000, -1)
  meta = { head, epoch, master }
end
`;

/**
 * A script that writes. Redis refuses it before its first command where memory is full, the disk fails or
 * replicas are missing, so nothing is left half-written.
 */
export function writing(body: string): Script {
  return script(`#!lua\n${PREAMBLE}${BEGIN_LIFE}${body}`);
}

/** A script that only begins a life, of some bytes: it may do so even where memory is full, so that reads work. */
export function beginning(body: string): Script {
  return script(`#!lua flags=allow-oom\n${PREAMBLE}${BEGIN_LIFE}${body}`);
}

/** A script that reads. It answers nothing where a life must begin first. */
export function reading(body: string): Script {
  return script(`#!lua flags=no-writes\n${PREAMBLE}if meta[3] ~= master then return false end\n${body}`);
}

function script(text: string): Script {
  return { text, sha: createHash('sha1').update(text).digest('hex') };
}
