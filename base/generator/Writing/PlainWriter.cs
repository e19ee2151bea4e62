using System.Collections.Generic;
using System.Linq;
using Skerry.Base.Generator.Model;

namespace Skerry.Base.Generator.Writing;

/// <summary>
/// Messages whose words and capabilities have places that are known: each is stored to and loaded from its place, and what
/// the message must have is asked once.
/// </summary>
internal static class PlainWriter
{
    private const int RegisterWords = 4;

    /// <summary>Fills a message. Words that travel in registers, and are none of it, are zero.</summary>
    /// <param name="code">Where to.</param>
    /// <param name="message">The expression of the message.</param>
    /// <param name="label">Of its label.</param>
    /// <param name="values">What is put in, and the expression of each.</param>
    public static void Put(
        CodeWriter code,
        string message,
        string label,
        IReadOnlyList<(ParameterModel Value, string Expression)> values
    )
    {
        int word = 0;
        int capability = 0;
        code.Line($"{message}.Label = {label};");
        foreach ((ParameterModel value, string expression) in values)
        {
            string stored = value.IsCapability
                ? $"{message}.Capabilities[{capability++}] = {CapabilityOf(value, expression)};"
                : $"{message}.Words[{word++}] = {ValueWriter.ToWord(value, expression)};";
            code.Line(stored);
        }
        code.Line($"{message}.Length = {word};");
        code.Line($"{message}.CapabilityCount = {capability};");
        for (; word < RegisterWords; word++)
        {
            code.Line($"{message}.Words[{word}] = 0;");
        }
    }

    /// <summary>Whether the message has what these values need, and nothing more: an expression.</summary>
    public static string Holds(string message, IEnumerable<ParameterModel> values) =>
        $"{FileWriter.Rpc}RpcMessage.Holds(ref {message}, {values.Count(static v => !v.IsCapability)}, "
        + $"{values.Count(static v => v.IsCapability)})";

    /// <summary>Takes values out of a message; a wrong word sets <c>__malformed</c>.</summary>
    /// <param name="code">Where to.</param>
    /// <param name="message">The expression of the message.</param>
    /// <param name="values">What is taken, its target (a declaration or a name), and its name.</param>
    public static void Take(
        CodeWriter code,
        string message,
        IEnumerable<(ParameterModel Value, string Target, string Name)> values
    )
    {
        int word = 0;
        int capability = 0;
        foreach ((ParameterModel value, string target, string name) in values)
        {
            if (!value.IsCapability)
            {
                ValueWriter.TakeWord(code, value, target, name, $"{message}.Words[{word++}]");
                continue;
            }
            string plain = $"{FileWriter.Rpc}RpcMessage.CapabilityAt(ref {message}, {capability++})";
            string typed = $"{value.TypeName}.FromCapability({plain})";
            code.Line($"{target} = {(value.Kind == ParameterKind.Capability ? plain : typed)};");
        }
    }

    private static string CapabilityOf(ParameterModel value, string expression) =>
        value.Kind == ParameterKind.Capability ? expression : $"{expression}.Capability";
}
