package com.netbuild.realtime.demo;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the demo takes from its environment.
 *
 * @param serviceUser     the account with which the gateway calls REST; {@code CAMUNDA_USER}, default {@code gateway}
 * @param servicePassword its password; {@code CAMUNDA_PASSWORD}, no default: without it the demo does not start
 * @param peoplePassword  the password of alice and bob; {@code DEMO_PASSWORD}, default: a random one that nobody knows
 */
@ConfigurationProperties("netbuild.demo")
public record DemoProperties(
    @DefaultValue("gateway") String serviceUser,
    String servicePassword,
    String peoplePassword) {}
