/**
 * The log's own domain, for what the nodes have among themselves. No tenant can have this name: theirs have 64
 * characters at most.
 */
export const OWN_DOMAIN = `netbuild-realtime/${'-'.repeat(64)}`;
