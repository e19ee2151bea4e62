using System;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace Skerry.Base.Generator;

/// <summary>The size of an unmanaged structure without pointers, as the compiler will lay it out on x86-64.</summary>
internal static class StructureSize
{
    public static bool TryMeasure(ITypeSymbol type, out int bytes) => TryMeasure(type, out bytes, out _);

    private static bool TryMeasure(ITypeSymbol type, out int bytes, out int alignment)
    {
        bytes = alignment = PrimitiveSize(type);
        if (bytes != 0)
        {
            return true;
        }
        // A special type that is no integer has no meaning on the other side: char, double, decimal, nint, DateTime.
        if (
            type.SpecialType != SpecialType.None
            || type
                is not INamedTypeSymbol { TypeKind: TypeKind.Struct, IsUnmanagedType: true, IsRefLikeType: false } named
        )
        {
            return false;
        }
        alignment = 1;
        int end = 0;
        foreach (IFieldSymbol field in named.GetMembers().OfType<IFieldSymbol>().Where(static f => !f.IsStatic))
        {
            if (!TryMeasure(field.Type, out int fieldBytes, out int fieldAlignment))
            {
                return false;
            }
            int offset = Argument(field, "FieldOffsetAttribute") ?? RoundUp(end, fieldAlignment);
            end = Math.Max(end, offset + fieldBytes);
            alignment = Math.Max(alignment, fieldAlignment);
        }
        int elements = Argument(named, "InlineArrayAttribute") ?? 1;
        bytes = Math.Max(RoundUp(Math.Max(end, 1), alignment) * elements, NamedSize(named));
        return true;
    }

    private static int PrimitiveSize(ITypeSymbol type) =>
        (type is INamedTypeSymbol { EnumUnderlyingType: { } underlying } ? underlying : type).SpecialType switch
        {
            SpecialType.System_Boolean or SpecialType.System_Byte or SpecialType.System_SByte => 1,
            SpecialType.System_Int16 or SpecialType.System_UInt16 => 2,
            SpecialType.System_Int32 or SpecialType.System_UInt32 => 4,
            SpecialType.System_Int64 or SpecialType.System_UInt64 => 8,
            _ => 0,
        };

    private static int? Argument(ISymbol symbol, string attribute) =>
        symbol
            .GetAttributes()
            .Where(a => a.AttributeClass?.Name == attribute)
            .Select(static a => a.ConstructorArguments.FirstOrDefault().Value as int?)
            .FirstOrDefault();

    private static int NamedSize(INamedTypeSymbol type) =>
        type.GetAttributes()
            .Where(static a => a.AttributeClass?.Name == "StructLayoutAttribute")
            .SelectMany(static a => a.NamedArguments)
            .Where(static argument => argument.Key == "Size")
            .Select(static argument => (int)argument.Value.Value!)
            .FirstOrDefault();

    private static int RoundUp(int value, int alignment) => (value + alignment - 1) / alignment * alignment;
}
