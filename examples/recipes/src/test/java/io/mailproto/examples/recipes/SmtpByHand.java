package io.mailproto.examples.recipes;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Sends a mail as somebody with telnet would. */
final class SmtpByHand {
    private static final int PATIENCE_MILLIS = 20_000;

    private SmtpByHand() {}

    /** The answer to the mail. */
    static String send(InetSocketAddress server, String from, String to, String mail) throws IOException {
        try (Socket socket = new Socket(server.getAddress(), server.getPort())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            in.readLine();
            say(socket, in, "HELO client.example.net");
            say(socket, in, "MAIL FROM:<" + from + ">");
            say(socket, in, "RCPT TO:<" + to + ">");
            say(socket, in, "DATA");
            String answer = say(socket, in, mail.replace("\n", "\r\n") + ".");
            say(socket, in, "QUIT");
            return answer;
        }
    }

    private static String say(Socket socket, BufferedReader in, String text) throws IOException {
        socket.getOutputStream().write((text + "\r\n").getBytes(StandardCharsets.UTF_8));
        return in.readLine();
    }
}
