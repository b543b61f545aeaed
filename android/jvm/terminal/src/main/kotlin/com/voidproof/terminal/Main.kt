package com.voidproof.terminal

import org.junit.runner.JUnitCore
import java.io.PrintStream
import java.security.Provider
import java.security.Security
import kotlin.system.exitProcess

/**
 * Starts the app on a simulated device and serves it on loopback, as a child process:
 *
 *     terminal.port    0 (default): any free one; the first line on standard output is {"port":N}
 *     terminal.state   the folder of everything that outlives the process
 *     terminal.gateway "fake": the app without a core, for tests of the terminal itself; else the Rust core
 *     terminal.runtime where the build unpacked Robolectric's drawing library; without it each start unpacks 200 MB
 *     terminal.token   if set, all paths stand under /TOKEN/ and anything else is 404
 *
 * Runs until it is killed. A fault of the app ends it with the stack trace on standard error and exit code 1.
 */
object Main {
    /** Where the one JSON line goes: Robolectric and the app write to standard output too, and are sent to standard error. */
    val answers: PrintStream = System.out

    @JvmStatic
    fun main(args: Array<String>) {
        System.setOut(System.err)
        requireNotNull(System.getProperty("terminal.state")) { "terminal.state is not set" }
        // Robolectric loads 400 classes of Bouncy Castle unless somebody is called so already. Nothing here asks for its ciphers.
        Security.addProvider(object : Provider("BC", "0", "stands in for Bouncy Castle, offers nothing") {})
        val result = JUnitCore.runClasses(Terminal::class.java)
        result.failures.forEach { System.err.println(it.trace) }
        exitProcess(1)
    }
}
