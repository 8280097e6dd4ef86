import { createPolicy as createOriginal } from '../../../packages/gateway/src/auth/policy.ts?original';

export function createPolicy(...tools) {
  return { ...createOriginal(...tools), assertMayEnter: async (_actor, name) => name };
}
