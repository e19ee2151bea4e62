using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Skerry.Base.Generator.Model;

namespace Skerry.Base.Generator;

/// <summary>Reads one method and checks that its messages fit.</summary>
internal static class MethodReader
{
    private const int MaximumWords = 64;
    private const int MaximumCapabilities = 3;
    private const string FailureMember = "CallFailed";

    public static MethodModel? Read(IMethodSymbol method, int number, List<Mistake> mistakes)
    {
        int before = mistakes.Count;
        ParameterModel? result = ReadResult(method);
        if (result is null)
        {
            mistakes.Add(Mistake.At(method, Rules.BadResult, method.Name));
        }
        var parameters = new List<ParameterModel>();
        foreach (IParameterSymbol parameter in method.Parameters)
        {
            if (ParameterReader.Read(method, parameter, mistakes) is { } read)
            {
                parameters.Add(read);
            }
        }
        if (result is null || mistakes.Count != before)
        {
            return null;
        }
        var model = new MethodModel(
            OwnNames.Escaped(method.Name),
            number,
            result,
            new EquatableArray<ParameterModel>(parameters)
        );
        CheckLimits(method, model, mistakes);
        return model;
    }

    private static ParameterModel? ReadResult(IMethodSymbol method) =>
        method.ReturnType is INamedTypeSymbol { TypeKind: TypeKind.Enum } type
        && type.GetMembers(FailureMember).Any()
        && !method.ReturnsByRef
            ? EnumReader.Read("", type, isOut: true)
            : null;

    private static void CheckLimits(IMethodSymbol method, MethodModel model, List<Mistake> mistakes)
    {
        Check(Rules.TooLong, "request", model.RequestWords, MaximumWords);
        Check(Rules.TooLong, "reply", model.ReplyWords, MaximumWords);
        Check(Rules.TooManyCapabilities, "request", model.CapabilitiesSent, MaximumCapabilities);
        Check(Rules.TooManyCapabilities, "reply", model.CapabilitiesReceived, MaximumCapabilities);

        void Check(DiagnosticDescriptor rule, string part, int used, int maximum)
        {
            if (used > maximum)
            {
                mistakes.Add(Mistake.At(method, rule, method.Name, part, $"{used}", $"{maximum}"));
            }
        }
    }
}
