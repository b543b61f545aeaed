import javax.inject.Inject
import org.gradle.process.ExecOperations

plugins {
    alias(libs.plugins.android.application)
}

/** The product's one version, `workspace.package.version`. */
val release = rootDir.resolve("Cargo.toml").readText()
    .substringAfter("[workspace.package]").substringAfter("version = \"").substringBefore('"')

/** major·10⁶ + minor·10³ + patch. */
fun code(version: String): Int = version.split('.').map(String::toInt).fold(0) { sum, part -> sum * 1_000 + part }

android {
    namespace = "com.voidproof.app"
    compileSdk = libs.versions.compileSdk.get().toInt()

    defaultConfig {
        applicationId = "com.voidproof.app"
        minSdk = libs.versions.minSdk.get().toInt()
        targetSdk = libs.versions.targetSdk.get().toInt()
        versionCode = code(release)
        versionName = release
        testInstrumentationRunner = "com.voidproof.app.installed.Runner"
    }
    val store = providers.environmentVariable("VOIDPROOF_KEYSTORE")
    signingConfigs {
        if (store.isPresent) {
            create("release") {
                storeFile = file(store.get())
                storePassword = providers.environmentVariable("VOIDPROOF_KEYSTORE_PASSWORD").get()
                keyAlias = providers.environmentVariable("VOIDPROOF_KEY_ALIAS").getOrElse("key")
                keyPassword = storePassword
            }
        }
    }
    buildTypes {
        release {
            isMinifyEnabled = true
            proguardFiles("proguard-rules.pro")
            signingConfig = signingConfigs.findByName("release")
        }
    }
    // Side by side on one device, each with a ledger of its own.
    flavorDimensions += listOf("money", "maker")
    productFlavors {
        create("plain") { dimension = "maker" }
        // Terminals with Sunmi's printer in their housing: src/sunmi is added.
        create("sunmi") { dimension = "maker" }
        create("live") { dimension = "money" }
        create("training") {
            dimension = "money"
            applicationIdSuffix = ".training"
        }
    }
    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_1_8
        targetCompatibility = JavaVersion.VERSION_1_8
    }
    splits {
        abi {
            isEnable = true
            reset()
            include("arm64-v8a", "armeabi-v7a", "x86_64")
        }
    }
    sourceSets {
        getByName("main").kotlin.directories.addAll(listOf("src/main/kotlin", "src/newer/kotlin"))
        getByName("test").kotlin.directories.addAll(
            listOf("src/test/kotlin", "src/androidTest/kotlin", "../gateway/src/fake/kotlin", "../gateway/src/tag/kotlin"),
        )
        getByName("test").resources.directories.add("src/androidTest/resources")
        getByName("androidTest").kotlin.directories.addAll(listOf("src/androidTest/kotlin", "../gateway/src/tag/kotlin"))
    }
    testOptions {
        unitTests.isIncludeAndroidResources = true
        // The core for this machine: `cargo build --release --package pos-ffi` makes it.
        unitTests.all { it.systemProperty("jna.library.path", rootDir.resolve("target/release").path) }
    }
}

dependencies {
    implementation(project(":android:gateway"))
    testImplementation(libs.junit)
    testImplementation(libs.robolectric)
    testImplementation(libs.jna)
    androidTestImplementation(libs.junit)
}

/** What the app is made of, `sbom.json` and `licences.json`: the same two files as in the APK of `cargo xtask apk`. */
abstract class Licences : DefaultTask() {
    @get:InputFiles
    @get:PathSensitive(PathSensitivity.RELATIVE)
    abstract val sources: ConfigurableFileCollection

    @get:Internal
    abstract val root: DirectoryProperty

    @get:OutputDirectory
    abstract val assets: DirectoryProperty

    @get:Inject
    abstract val exec: ExecOperations

    @TaskAction
    fun list() {
        val out = assets.get().asFile
        out.deleteRecursively()
        exec.exec {
            workingDir = root.get().asFile
            commandLine("cargo", "xtask", "sbom", "--out", out.path)
        }
    }
}

// The packages and jars that are listed, their licence, and the program that lists them.
val listed = files(listOf("Cargo.toml", "Cargo.lock", "LICENSE", "pins.toml").map(rootDir::resolve)) +
    fileTree(rootDir.resolve("rust")) { include("*/Cargo.toml", "xtask/src/**") }

androidComponents {
    onVariants { variant ->
        val name = variant.name.replaceFirstChar(Char::uppercaseChar)
        val licences = tasks.register<Licences>("licences$name") {
            sources.from(listed)
            root.set(rootDir)
        }
        variant.sources.assets?.addGeneratedSourceDirectory(licences, Licences::assets)
    }
}
