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
                ParameterKind.Integer when value.Integer == "bool" => $"writer.WriteWord({expression} ? 1ul : 0ul);",
                ParameterKind.Integer or ParameterKind.Enumeration =>
                    $"writer.WriteWord(unchecked((ulong){expression}));",
                ParameterKind.Structure => $"writer.WriteStruct(in {expression});",
                ParameterKind.Capability => $"writer.WriteCapability({expression});",
                ParameterKind.TypedCapability => $"writer.WriteCapability({expression}.Capability);",
                ParameterKind.Text => $"writer.WriteBytes({expression}, {value.MaximumBytes});",
                _ => $"writer.WriteCapacity({expression}.Length, {value.MaximumBytes});",
            }
        );
    }

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
