// The Android plugin compiles Kotlin itself; the version of Kotlin is the catalog's, not the plugin's own.
buildscript {
    dependencies {
        classpath(libs.kotlin.gradle.plugin)
    }
}

plugins {
    alias(libs.plugins.android.application) apply false
    alias(libs.plugins.android.library) apply false
}
