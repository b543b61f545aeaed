package com.voidproof.app.installed

import android.content.Context

/** The app's own context on this machine; set by what runs the tests. */
object Here {
    lateinit var context: Context

    /** What was given to the run by name, as the address of a host. */
    var arguments: Map<String, String> = emptyMap()

    fun argument(name: String): String = arguments[name] ?: error("this test needs -e $name")
}

/** Only a real Android shows this: key store, reboot, a process killed by the system. */
@Retention(AnnotationRetention.RUNTIME)
@Target(AnnotationTarget.CLASS)
annotation class DeviceOnly

/** One half of a pair around a kill or a reboot; runs only when it is asked for by name. */
@Retention(AnnotationRetention.RUNTIME)
@Target(AnnotationTarget.CLASS)
annotation class Paired

/** All tests on a device. */
object Tests {
    val all: List<Class<*>> = listOf(
        CoreTest::class.java,
        KeysTest::class.java,
        WordsTest::class.java,
        UpgradeTest::class.java,
        TapTest::class.java,
        CameraTest::class.java,
        PrintTest::class.java,
        BeforeTheEnd::class.java,
        AfterTheEnd::class.java,
        BeforeTheCut::class.java,
        AfterTheCut::class.java,
    )

    fun isDeviceOnly(test: Class<*>) = test.isAnnotationPresent(DeviceOnly::class.java)

    fun isPaired(test: Class<*>) = test.isAnnotationPresent(Paired::class.java)
}
