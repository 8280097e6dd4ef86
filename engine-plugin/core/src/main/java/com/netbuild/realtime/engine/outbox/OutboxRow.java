package com.netbuild.realtime.engine.outbox;

/**
 * One row of the outbox: a command's events, or a part of them.
 *
 * @param command the command's id, a UUID
 * @param part    which part this is, from 1
 * @param parts   how many parts the command has
 * @param size    bytes of the whole command's JSON
 * @param created epoch milliseconds of the moment just before the commit
 * @param userId  the user in whose name the command ran, or null
 * @param body    the deflated JSON array of events, or a part of it
 */
public record OutboxRow(String command, int part, int parts, int size, long created, String userId, byte[] body) {}
