using Skerry.Base.Generator.Model;

namespace Skerry.Base.Generator.Writing;

/// <summary>The statements that put one value into a message or take it out.</summary>
internal static class ValueWriter
{
    /// <summary>Puts the value of an expression.</summary>
    public static void Put(CodeWriter code, ParameterModel value, string expression)
    {
        code.Line(
            value.Kind switch
            {
                ParameterKind.Integer or ParameterKind.Enumeration =>
                    $"__writer.WriteWord({ToWord(value, expression)});",
                ParameterKind.Structure => $"__writer.WriteStruct(in {expression});",
                ParameterKind.Capability => $"__writer.WriteCapability({expression});",
                ParameterKind.TypedCapability => $"__writer.WriteCapability({expression}.Capability);",
                ParameterKind.Text => $"__writer.WriteBytes({expression}, {value.MaximumBytes});",
                _ => $"__writer.WriteCapacity({expression}.Length, {value.MaximumBytes});",
            }
        );
    }

    /// <summary>The word that stands for an integer or enum.</summary>
    public static string ToWord(ParameterModel value, string expression) =>
        value.Integer == "bool" ? $"{expression} ? 1ul : 0ul" : $"unchecked((ulong){expression})";

    /// <summary>Takes an integer or enum out of one word; a wrong value sets <c>__malformed</c>.</summary>
    public static void TakeWord(CodeWriter code, ParameterModel value, string target, string name, string word)
    {
        string cast = value.Kind == ParameterKind.Enumeration ? $"({value.TypeName})" : "";
        code.Line($"{target} = {cast}{IntegerOf(value.Integer, word)};");
        if (value.Kind == ParameterKind.Enumeration)
        {
            code.Line($"__malformed |= !({string.Format(value.Validity, name)});");
        }
    }

    private static string IntegerOf(string type, string word) =>
        type switch
        {
            "bool" => $"{FileWriter.Rpc}RpcWords.Unsigned({word}, 1, ref __malformed) != 0",
            "ulong" => word,
            "long" => $"unchecked((long){word})",
            "sbyte" or "short" or "int" =>
                $"({type}){FileWriter.Rpc}RpcWords.Signed({word}, {type}.MinValue, {type}.MaxValue, ref __malformed)",
            _ => $"({type}){FileWriter.Rpc}RpcWords.Unsigned({word}, {type}.MaxValue, ref __malformed)",
        };

    /// <summary>Takes a value into a target: a declaration or an out parameter.</summary>
    public static void Take(CodeWriter code, ParameterModel value, string target, string name)
    {
        code.Line($"{target} = {Expression(value)};");
        if (value.Kind == ParameterKind.Enumeration)
        {
            code.Open($"if (!({string.Format(value.Validity, name)}))");
            code.Line("__reader.Reject();");
            code.Close();
        }
    }

    private static string Expression(ParameterModel value) =>
        value.Kind switch
        {
            ParameterKind.Integer => Integer(value.Integer),
            ParameterKind.Enumeration => $"({value.TypeName}){Integer(value.Integer)}",
            ParameterKind.Structure => $"__reader.ReadStruct<{value.TypeName}>()",
            ParameterKind.Capability => "__reader.ReadCapability()",
            ParameterKind.TypedCapability => $"{value.TypeName}.FromCapability(__reader.ReadCapability())",
            ParameterKind.Text => $"__reader.ReadBytes({value.MaximumBytes})",
            _ => $"(int)__reader.ReadWord({value.MaximumBytes})",
        };

    private static string Integer(string type) =>
        type switch
        {
            "bool" => "__reader.ReadBoolean()",
            "ulong" => "__reader.ReadWord()",
            "long" => "unchecked((long)__reader.ReadWord())",
            "sbyte" or "short" or "int" => $"({type})__reader.ReadSigned({type}.MinValue, {type}.MaxValue)",
            _ => $"({type})__reader.ReadWord({type}.MaxValue)",
        };
}
