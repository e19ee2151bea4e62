using System;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis;
using Skerry.Base.Generator.Model;

namespace Skerry.Base.Generator;

/// <summary>Reads an enum, and how its receiver tells a defined value from others.</summary>
internal static class EnumReader
{
    public static ParameterModel Read(string name, INamedTypeSymbol type, bool isOut)
    {
        string typeName = type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);
        string underlying = type.EnumUnderlyingType!.ToDisplayString();
        return new ParameterModel(
            name,
            typeName,
            ParameterKind.Enumeration,
            isOut,
            IsIn: false,
            Words: 1,
            MaximumBytes: 0,
            underlying,
            IsFlags(type) ? FlagsValidity(type) : MembersValidity(type, typeName)
        );
    }

    /// <summary>Whether a receiver would take any value: of an enum that is no flags, only what has a name.</summary>
    public static bool HasValues(INamedTypeSymbol type) => IsFlags(type) || Members(type).Length != 0;

    private static bool IsFlags(INamedTypeSymbol type) =>
        type.GetAttributes().Any(static a => a.AttributeClass?.ToDisplayString() == "System.FlagsAttribute");

    /// <summary>No bit but those that members have.</summary>
    private static string FlagsValidity(INamedTypeSymbol type)
    {
        ulong bits = Members(type).Aggregate(0ul, static (all, field) => all | ToBits(field.ConstantValue!));
        return $"((ulong){{0}} & ~0x{bits.ToString("x", CultureInfo.InvariantCulture)}ul) == 0";
    }

    private static string MembersValidity(INamedTypeSymbol type, string typeName)
    {
        string[] members = Members(type)
            .GroupBy(static field => field.ConstantValue)
            .Select(group => $"{typeName}.{OwnNames.Escaped(group.First().Name)}")
            .ToArray();
        return $"{{0}} is {string.Join(" or ", members)}";
    }

    private static IFieldSymbol[] Members(INamedTypeSymbol type) =>
        type.GetMembers().OfType<IFieldSymbol>().Where(static f => f.HasConstantValue).ToArray();

    private static ulong ToBits(object value) =>
        value is ulong bits ? bits : unchecked((ulong)Convert.ToInt64(value, CultureInfo.InvariantCulture));
}
