using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Skerry.Base.Generator.Model;

namespace Skerry.Base.Generator;

/// <summary>Reads one parameter: how it travels, and how much room it takes.</summary>
internal static class ParameterReader
{
    private const string LengthAttribute = "MaximumLengthAttribute";
    private const string CapabilityType = "Skerry.Base.Kernel.Capability";
    private const string TypedCapabilityType = "Skerry.Base.Kernel.ITypedCapability<TSelf>";
    private const int MaximumBytes = 496;
    private const int WordBytes = 8;

    public static ParameterModel? Read(IMethodSymbol method, IParameterSymbol parameter, List<Mistake> mistakes)
    {
        if (OwnNames.IsTakenFromParameters(parameter.Name))
        {
            mistakes.Add(Mistake.At(parameter, Rules.TakenName, parameter.Name));
            return null;
        }
        if (!HasSupportedDirection(parameter))
        {
            mistakes.Add(Mistake.At(parameter, Rules.UnsupportedDirection, parameter.Name, method.Name));
            return null;
        }
        string type = parameter.Type.ToDisplayString();
        if (type is "System.ReadOnlySpan<byte>" or "System.Span<byte>")
        {
            return ReadSpan(method, parameter, mistakes);
        }
        bool isOut = parameter.RefKind == RefKind.Out;
        if (parameter.Type is INamedTypeSymbol { TypeKind: TypeKind.Enum } enumeration)
        {
            if (!EnumReader.HasValues(enumeration))
            {
                mistakes.Add(Mistake.At(parameter, Rules.EmptyEnum, parameter.Name, method.Name, type));
                return null;
            }
            return EnumReader.Read(OwnNames.Escaped(parameter.Name), enumeration, isOut);
        }
        if (IsInteger(parameter.Type))
        {
            return Model(parameter, ParameterKind.Integer, 1) with { Integer = type };
        }
        if (IsCapability(parameter.Type, out ParameterKind kind))
        {
            return Model(parameter, kind, 0);
        }
        if (StructureSize.TryMeasure(parameter.Type, out int bytes))
        {
            return Model(parameter, ParameterKind.Structure, WordsFor(bytes));
        }
        mistakes.Add(Mistake.At(parameter, Rules.UnsupportedType, parameter.Name, method.Name, type));
        return null;
    }

    private static bool HasSupportedDirection(IParameterSymbol parameter)
    {
        bool isSpan = parameter.Type.IsRefLikeType;
        return parameter.RefKind switch
        {
            RefKind.None => true,
            RefKind.Out => !isSpan,
            RefKind.In => !isSpan && parameter.Type.TypeKind == TypeKind.Struct,
            _ => false,
        };
    }

    private static ParameterModel? ReadSpan(IMethodSymbol method, IParameterSymbol parameter, List<Mistake> mistakes)
    {
        int? maximum = parameter
            .GetAttributes()
            .Where(static a => a.AttributeClass?.Name == LengthAttribute)
            .Select(static a => a.ConstructorArguments.FirstOrDefault().Value as int?)
            .FirstOrDefault();
        if (maximum is not (>= 1 and <= MaximumBytes))
        {
            mistakes.Add(Mistake.At(parameter, Rules.MissingBound, parameter.Name, method.Name, $"{MaximumBytes}"));
            return null;
        }
        bool isText = parameter.Type.Name == "ReadOnlySpan";
        int words = WordsFor(maximum.Value) + (isText ? 1 : 0);
        ParameterKind kind = isText ? ParameterKind.Text : ParameterKind.Buffer;
        return Model(parameter, kind, words) with { MaximumBytes = maximum.Value };
    }

    private static bool IsInteger(ITypeSymbol type) =>
        type.SpecialType
            is SpecialType.System_Boolean
                or SpecialType.System_Byte
                or SpecialType.System_SByte
                or SpecialType.System_Int16
                or SpecialType.System_UInt16
                or SpecialType.System_Int32
                or SpecialType.System_UInt32
                or SpecialType.System_Int64
                or SpecialType.System_UInt64;

    private static bool IsCapability(ITypeSymbol type, out ParameterKind kind)
    {
        bool isPlain = type.ToDisplayString() == CapabilityType;
        kind = isPlain ? ParameterKind.Capability : ParameterKind.TypedCapability;
        return isPlain
            || type.AllInterfaces.Any(static i => i.OriginalDefinition.ToDisplayString() == TypedCapabilityType);
    }

    private static ParameterModel Model(IParameterSymbol parameter, ParameterKind kind, int words) =>
        new(
            OwnNames.Escaped(parameter.Name),
            parameter.Type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat),
            kind,
            parameter.RefKind == RefKind.Out,
            parameter.RefKind == RefKind.In,
            words,
            MaximumBytes: 0,
            Integer: "",
            Validity: ""
        );

    private static int WordsFor(int bytes) => (bytes + WordBytes - 1) / WordBytes;
}
