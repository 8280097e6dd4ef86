package com.netbuild.realtime.engine.outbox;

import java.util.List;

/**
 * A committed command as read from the outbox, whole.
 *
 * @param id      the command's id, the same on each try
 * @param userId  the user in whose name it ran, or null
 * @param created epoch milliseconds of the moment just before its commit
 * @param rows    ids of its rows, to be deleted together
 * @param events  a JSON array of its events
 */
public record OutboxCommand(String id, String userId, long created, List<Long> rows, String events) {}
