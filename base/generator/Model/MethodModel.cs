using System.Collections.Generic;
using System.Linq;

namespace Skerry.Base.Generator.Model;

/// <summary>One method.</summary>
/// <param name="Name">As declared, escaped if it is a keyword; also the name of the constant that holds its number.</param>
/// <param name="Number">What names it in a message.</param>
/// <param name="Result">The enum it returns, as an out value without a name.</param>
/// <param name="Parameters">In the order declared.</param>
public sealed record MethodModel(
    string Name,
    int Number,
    ParameterModel Result,
    EquatableArray<ParameterModel> Parameters
)
{
    private const int RegisterWords = 4;

    public IEnumerable<ParameterModel> Inputs => Parameters.Where(static p => !p.IsOut);

    public IEnumerable<ParameterModel> Outputs => Parameters.Where(static p => p.IsOut);

    public IEnumerable<ParameterModel> Buffers => Parameters.Where(static p => p.Kind == ParameterKind.Buffer);

    /// <summary>Request and reply are a fixed number of words that fit into registers.</summary>
    public bool IsSmall =>
        RequestWords <= RegisterWords
        && ReplyWords <= RegisterWords
        && Parameters.All(static p => p.Kind is ParameterKind.Integer or ParameterKind.Enumeration);

    /// <summary>Request and reply are words and capabilities, each at a place that is known.</summary>
    public bool IsPlain => Parameters.All(static p => p.Kind is not (ParameterKind.Text or ParameterKind.Buffer));

    /// <summary>Most capabilities in the request.</summary>
    public int CapabilitiesSent => Inputs.Count(static p => p.IsCapability);

    /// <summary>Most capabilities in the reply.</summary>
    public int CapabilitiesReceived => Outputs.Count(static p => p.IsCapability);

    /// <summary>Most words of the request: a buffer sends its capacity alone.</summary>
    public int RequestWords => Inputs.Sum(static p => p.Kind == ParameterKind.Buffer ? 1 : p.Words);

    /// <summary>Most words of the reply.</summary>
    public int ReplyWords => Result.Words + Outputs.Sum(static p => p.Words) + Buffers.Sum(static p => p.Words);
}
