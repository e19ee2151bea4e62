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
        int words = values.Sum(static v => v.Value.Words);
        code.Line($"{message}.Begin({label}, {words}, {values.Count(static v => v.Value.IsCapability)});");
        foreach ((ParameterModel value, string expression) in values)
        {
            code.Line(
                value.Kind switch
                {
                    ParameterKind.Structure => $"{message}.Put({word}, {expression});",
                    ParameterKind.Integer or ParameterKind.Enumeration =>
                        $"{message}.Words[{word}] = {ValueWriter.ToWord(value, expression)};",
                    _ => $"{message}.Capabilities[{capability++}] = {CapabilityOf(value, expression)};",
                }
            );
            word += value.Words;
        }
        for (; word < RegisterWords; word++)
        {
            code.Line($"{message}.Words[{word}] = 0;");
        }
    }

    /// <summary>Whether the message has what these values need, and nothing more: an expression.</summary>
    public static string Holds(string message, IEnumerable<ParameterModel> values) =>
        $"{FileWriter.Rpc}RpcMessage.Holds(ref {message}, {values.Sum(static v => v.Words)}, "
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
            if (value.Kind == ParameterKind.Structure)
            {
                code.Line($"{target} = {message}.Take<{value.TypeName}>({word});");
            }
            else if (!value.IsCapability)
            {
                ValueWriter.TakeWord(code, value, target, name, $"{message}.Words[{word}]");
            }
            word += value.Words;
            if (!value.IsCapability)
            {
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
