/**
 * The second tier: values, sealed, in a Redis or Valkey that nodes share. An optimisation only: whatever that server does, or
 * fails to do, costs speed and never truth. The rules, and why they hold, are in {@code src/docs/redis.md}.
 */
package dev.tokencache.redis;
