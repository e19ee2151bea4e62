namespace System
{
    public enum AttributeTargets
    {
        Assembly = 1,
        Method = 0x40,
        Interface = 0x400,
        Parameter = 0x800,
        All = 0x7fff,
    }

    public sealed class AttributeUsageAttribute(AttributeTargets targets) : Attribute
    {
        public AttributeTargets Targets { get; } = targets;
        public bool AllowMultiple { get; set; }
        public bool Inherited { get; set; }
    }

    public class FlagsAttribute : Attribute { }

    public class ParamArrayAttribute : Attribute { }

    public sealed class ObsoleteAttribute(string message, bool error) : Attribute
    {
        public string Message { get; } = message;
        public bool IsError { get; } = error;
    }
}

namespace System.Reflection
{
    public sealed class DefaultMemberAttribute(string name) : Attribute
    {
        public string Name { get; } = name;
    }
}

namespace System.Runtime
{
    /// <summary>Gives a method a bare System V entry under this symbol.</summary>
    public sealed class RuntimeExportAttribute(string entry) : Attribute
    {
        public string Entry { get; } = entry;
    }

    /// <summary>Makes a call a bare <c>call</c> of this symbol.</summary>
    public sealed class RuntimeImportAttribute : Attribute
    {
        public RuntimeImportAttribute(string library, string entry) { }
    }
}

namespace System.Runtime.InteropServices
{
    public enum UnmanagedType { }

    public enum LayoutKind
    {
        Sequential = 0,
        Explicit = 2,
        Auto = 3,
    }

    public sealed class StructLayoutAttribute(LayoutKind kind) : Attribute
    {
        public LayoutKind Value { get; } = kind;
        public int Pack;
        public int Size;
    }

    public sealed class FieldOffsetAttribute(int offset) : Attribute
    {
        public int Value { get; } = offset;
    }

    public sealed class InAttribute : Attribute { }

    public sealed class UnmanagedCallersOnlyAttribute : Attribute
    {
        public string? EntryPoint;
    }

    public sealed class SuppressGCTransitionAttribute : Attribute { }

    internal interface IDynamicInterfaceCastable
    {
        static nint GetDynamicInterfaceImplementation(IDynamicInterfaceCastable instance, nint type, ushort slot) => 0;
    }
}

namespace System.Runtime.CompilerServices
{
    public class IntrinsicAttribute : Attribute { }

    public enum MethodImplOptions
    {
        NoInlining = 8,
        NoOptimization = 64,
        AggressiveInlining = 256,
        InternalCall = 4096,
    }

    public class MethodImplAttribute(MethodImplOptions options) : Attribute
    {
        public MethodImplOptions Value { get; } = options;
    }

    public sealed class InlineArrayAttribute(int length) : Attribute
    {
        public int Length { get; } = length;
    }

    public sealed class SkipLocalsInitAttribute : Attribute { }

    public sealed class ExtensionAttribute : Attribute { }

    public sealed class UnsafeValueTypeAttribute : Attribute { }

    public sealed class FixedBufferAttribute(Type elementType, int length) : Attribute
    {
        public Type ElementType { get; } = elementType;
        public int Length { get; } = length;
    }

    public sealed class CompilerGeneratedAttribute : Attribute { }

    public static class IsExternalInit { }

    public static class IsVolatile { }

    /// <summary>What the compiler may assume of this library.</summary>
    public static class RuntimeFeature
    {
        public const string ByRefFields = nameof(ByRefFields);
        public const string ByRefLikeGenerics = nameof(ByRefLikeGenerics);
        public const string DefaultImplementationsOfInterfaces = nameof(DefaultImplementationsOfInterfaces);
        public const string NumericIntPtr = nameof(NumericIntPtr);
        public const string UnmanagedSignatureCallingConvention = nameof(UnmanagedSignatureCallingConvention);
        public const string VirtualStaticsInInterfaces = nameof(VirtualStaticsInInterfaces);
    }

    public static class RuntimeHelpers
    {
        public static int OffsetToStringData => 8 + 4;

        [Intrinsic]
        public static extern ReadOnlySpan<T> CreateSpan<T>(RuntimeFieldHandle field);

        [Intrinsic]
        public static extern void InitializeArray(Array array, RuntimeFieldHandle field);
    }
}

namespace System.Diagnostics.CodeAnalysis
{
    public sealed class DoesNotReturnAttribute : Attribute { }

    public sealed class UnscopedRefAttribute : Attribute { }
}
