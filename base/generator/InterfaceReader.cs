using System.Collections.Generic;
using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis;
using Skerry.Base.Generator.Model;

namespace Skerry.Base.Generator;

/// <summary>Turns the symbol of an interface into its model, or into the list of what is wrong with it.</summary>
internal static class InterfaceReader
{
    private const string MethodAttribute = "RpcMethodAttribute";
    private const int MaximumMethod = 0xfff;
    private const uint HashStart = 2166136261;
    private const uint HashFactor = 16777619;

    public static InterfaceReading Read(INamedTypeSymbol symbol)
    {
        var mistakes = new List<Mistake>();
        if (!IsSupported(symbol))
        {
            mistakes.Add(Mistake.At(symbol, Rules.UnsupportedInterface, symbol.Name));
            return new InterfaceReading(null, new EquatableArray<Mistake>(mistakes));
        }
        List<MethodModel> methods = ReadMethods(symbol, mistakes);
        if (methods.Count == 0 && mistakes.Count == 0)
        {
            mistakes.Add(Mistake.At(symbol, Rules.UnsupportedInterface, symbol.Name));
        }
        if (mistakes.Count != 0)
        {
            return new InterfaceReading(null, new EquatableArray<Mistake>(mistakes));
        }
        var model = new InterfaceModel(
            symbol.ContainingNamespace.ToDisplayString(),
            symbol.Name,
            BaseName(symbol),
            symbol.DeclaredAccessibility == Accessibility.Public ? "public" : "internal",
            Hash(symbol.ToDisplayString()),
            new EquatableArray<MethodModel>(methods)
        );
        return new InterfaceReading(model, default);
    }

    private static bool IsSupported(INamedTypeSymbol symbol) =>
        symbol.ContainingType is null
        && !symbol.ContainingNamespace.IsGlobalNamespace
        && !symbol.IsGenericType
        && symbol.Interfaces.IsEmpty
        && symbol.Name.Length > 1
        && symbol.Name[0] == 'I';

    private static string BaseName(INamedTypeSymbol symbol) => symbol.Name.Substring(1);

    private static List<MethodModel> ReadMethods(INamedTypeSymbol symbol, List<Mistake> mistakes)
    {
        var methods = new List<MethodModel>();
        var names = new HashSet<string>();
        var numbers = new HashSet<int>();
        int number = 0;
        foreach (ISymbol member in symbol.GetMembers())
        {
            if (member is IFieldSymbol { IsConst: true })
            {
                continue;
            }
            if (
                member
                is not IMethodSymbol { IsStatic: false, IsGenericMethod: false, MethodKind: MethodKind.Ordinary } method
            )
            {
                if (!member.IsImplicitlyDeclared && member is not IMethodSymbol { AssociatedSymbol: not null })
                {
                    mistakes.Add(Mistake.At(member, Rules.UnsupportedMember, member.Name));
                }
                continue;
            }
            number = ExplicitNumber(method) ?? number + 1;
            if (OwnNames.IsTakenFromMethods(method.Name, BaseName(symbol)))
            {
                mistakes.Add(Mistake.At(method, Rules.TakenName, method.Name));
            }
            if (!names.Add(method.Name))
            {
                mistakes.Add(Mistake.At(method, Rules.Overload, method.Name));
            }
            if (number < 1 || number > MaximumMethod || !numbers.Add(number))
            {
                mistakes.Add(Mistake.At(method, Rules.BadNumber, method.Name, $"{number}", $"{MaximumMethod}"));
            }
            if (MethodReader.Read(method, number, mistakes) is { } model)
            {
                methods.Add(model);
            }
        }
        return methods.OrderBy(static m => m.Number).ToList();
    }

    private static int? ExplicitNumber(IMethodSymbol method) =>
        method
            .GetAttributes()
            .Where(static a => a.AttributeClass?.Name == MethodAttribute)
            .Select(static a => a.ConstructorArguments.FirstOrDefault().Value as int?)
            .FirstOrDefault();

    /// <summary>FNV-1a, 32 bits: short, stable across builds, and known to everybody.</summary>
    private static uint Hash(string text)
    {
        uint hash = HashStart;
        foreach (byte value in Encoding.UTF8.GetBytes(text))
        {
            hash = unchecked((hash ^ value) * HashFactor);
        }
        return hash == 0 ? 1 : hash;
    }
}
