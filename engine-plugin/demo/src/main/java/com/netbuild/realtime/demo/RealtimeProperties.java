package com.netbuild.realtime.demo;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The plugin's properties as the demo's own: {@code netbuild.realtime.*}.
 *
 * @param enabled    false runs the engine without the plugin; default true
 * @param gatewayUrl the gateway's base URL; {@code GATEWAY_URL} or {@code NETBUILD_REALTIME_GATEWAYURL}
 * @param publishKey the gateway's key of publishers; {@code PUBLISH_KEY} or {@code NETBUILD_REALTIME_PUBLISHKEY}
 * @param engineName how the gateway knows this engine; default {@code default}
 */
@ConfigurationProperties("netbuild.realtime")
public record RealtimeProperties(
    @DefaultValue("true") boolean enabled,
    String gatewayUrl,
    String publishKey,
    @DefaultValue("default") String engineName) {}
