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
                ParameterKind.Integer or ParameterKind.Enumeration => $"writer.WriteWord({ToWord(value, expression)});",
                ParameterKind.Structure => $"writer.WriteStruct(in {expression});",
                ParameterKind.Capability => $"writer.WriteCapability({expression});",
                ParameterKind.TypedCapability => $"writer.WriteCapability({expression}.Capability);",
                ParameterKind.Text => $"writer.WriteBytes({expression}, {value.MaximumBytes});",
                _ => $"writer.WriteCapacity({expression}.Length, {value.MaximumBytes});",
            }
        );
    }

    /// <summary>The word that stands for an integer or enum.</summary>
    public static string ToWord(ParameterModel value, string expression) =>
        value.Integer == "bool" ? $"{expression} ? 1ul : 0ul" : $"unchecked((ulong){expression})";

    /// <summary>Takes an integer or enum out of one word; a wrong value sets <c>malformed</c>.</summary>
    public static void TakeWord(CodeWriter code, ParameterModel value, string target, string name, string word)
    {
        string cast = value.Kind == ParameterKind.Enumeration ? $"({value.TypeName})" : "";
        code.Line($"{target} = {cast}{IntegerOf(value.Integer, word)};");
        if (value.Kind == ParameterKind.Enumeration)
        {
            code.Line($"malformed |= !({string.Format(value.Validity, name)});");
        }
    }

    private static string IntegerOf(string type, string word) =>
        type switch
        {
            "bool" => $"{FileWriter.Rpc}RpcWords.Unsigned({word}, 1, ref malformed) != 0",
            "ulong" => word,
            "long" => $"unchecked((long){word})",
            "sbyte" or "short" or "int" =>
                $"({type}){FileWriter.Rpc}RpcWords.Signed({word}, {type}.MinValue, {type}.MaxValue, ref malformed)",
            _ => $"({type}){FileWriter.Rpc}RpcWords.Unsigned({word}, {type}.MaxValue, ref malformed)",
        };

    /// <summary>Takes a value into a target: a declaration or an out parameter.</summary>
    public static void Take(CodeWriter code, ParameterModel value, string target, string name)
    {
        code.Line($"{target} = {Expression(value)};");
        if (value.Kind == ParameterKind.Enumeration)
        {
            code.Open($"if (!({string.Format(value.Validity, name)}))");
            code.Line("reader.Reject();");
            code.Close();
        }
    }

    private static string Expression(ParameterModel value) =>
        value.Kind switch
        {
            ParameterKind.Integer => Integer(value.Integer),
            ParameterKind.Enumeration => $"({value.TypeName}){Integer(value.Integer)}",
            ParameterKind.Structure => $"reader.ReadStruct<{value.TypeName}>()",
            ParameterKind.Capability => "reader.ReadCapability()",
            ParameterKind.TypedCapability => $"{value.TypeName}.FromCapability(reader.ReadCapability())",
            ParameterKind.Text => $"reader.ReadBytes({value.MaximumBytes})",
            _ => $"(int)reader.ReadWord({value.MaximumBytes})",
        };

    private static string Integer(string type) =>
        type switch
        {
            "bool" => "reader.ReadBoolean()",
            "ulong" => "reader.ReadWord()",
            "long" => "unchecked((long)reader.ReadWord())",
            "sbyte" or "short" or "int" => $"({type})reader.ReadSigned({type}.MinValue, {type}.MaxValue)",
            _ => $"({type})reader.ReadWord({type}.MaxValue)",
        };
}
