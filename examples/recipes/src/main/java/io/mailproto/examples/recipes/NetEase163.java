package io.mailproto.examples.recipes;

import org.apache.camel.builder.RouteBuilder;

/** 163.com, 126.com and yeah.net. */
public final class NetEase163 extends RouteBuilder {
    @Override
    public void configure() {
        // the password is the authorization code from the settings of the mailbox
        from("imaps:{{netease.host}}?username={{netease.user}}&password=RAW({{netease.code}})")
                .to("jms:queue:mail");
    }
}
