// swift-tools-version: 6.1
import PackageDescription

// Debug builds leave the C kernels at -O0, 12 to 16 times slower. Developers set ZEROSET_FAST_DEBUG=1 to compile
// them with -O2 there; the flag is "unsafe" to SwiftPM, so it must not be in the manifest that dependents see.
let kernelSettings: [CSetting] =
    Context.environment["ZEROSET_FAST_DEBUG"] == "1"
    ? [.unsafeFlags(["-O2"], .when(configuration: .debug))] : []

let package = Package(
    name: "Zeroset",
    products: [
        .executable(name: "reconstruct", targets: ["reconstruct"]),
        .library(name: "Geometry", targets: ["Geometry"]),
        .library(name: "Mesh", targets: ["Mesh"]),
        .library(name: "Fields", targets: ["Fields"]),
        .library(name: "Slices", targets: ["Slices"]),
        .library(name: "CKernels", targets: ["CKernels"]),
        // For the packages in Benchmarks/ and tools/ only; no promise is made about it.
        .library(name: "TestSupport", targets: ["TestSupport"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
    ],
    targets: [
        .target(name: "CKernels", cSettings: kernelSettings),
        .target(name: "Geometry"),
        .target(name: "Storage"),
        .target(name: "Mesh", dependencies: ["Geometry", "Storage"]),
        .target(name: "Fields", dependencies: ["Geometry", "Storage", "CKernels"]),
        .target(name: "Slices", dependencies: ["Geometry", "Storage", "Fields", "Mesh"]),
        .executableTarget(
            name: "reconstruct",
            dependencies: [
                "Slices", "Fields", "Mesh", "Geometry", "Storage",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .target(name: "TestSupport", dependencies: ["Geometry"]),
        .testTarget(name: "GeometryTests", dependencies: ["Geometry", "TestSupport"]),
        .testTarget(name: "StorageTests", dependencies: ["Storage", "TestSupport"]),
        .testTarget(name: "MeshTests", dependencies: ["Mesh", "TestSupport"]),
        .testTarget(name: "FieldsTests", dependencies: ["Fields", "CKernels", "TestSupport"]),
        .testTarget(name: "CommandLineTests", dependencies: ["reconstruct", "Storage", "TestSupport"]),
        .testTarget(
            name: "SlicesTests", dependencies: ["Slices", "Fields", "Mesh", "Geometry", "Storage", "TestSupport"]),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c11
)
