using System.Linq;
using Skerry.Base.Generator.Model;

namespace Skerry.Base.Generator.Writing;

/// <summary>
/// The client: a structure that implements the interface by sending messages. One is generic over the transport, the
/// other is the shorthand for kernel IPC.
/// </summary>
internal static class ClientWriter
{
    public static void Write(CodeWriter code, InterfaceModel service)
    {
        string name = $"{service.BaseName}Client";
        code.Line($"/// <summary>Calls a <see cref=\"{service.Name}\"/> through a transport.</summary>");
        code.Line(
            $"{service.Accessibility} readonly struct {name}<TTransport>(TTransport __transport) : {service.Name}"
        );
        code.Open($"    where TTransport : struct, {FileWriter.Rpc}IRpcTransport");
        bool first = true;
        foreach (MethodModel method in service.Methods)
        {
            if (!first)
            {
                code.Line();
            }
            first = false;
            WriteMethod(code, service, method);
        }
        code.Close();
        code.Line();
        WriteShorthand(code, service, name);
    }

    public static string Parameter(ParameterModel p)
    {
        string type = p.Kind switch
        {
            ParameterKind.Text => "global::System.ReadOnlySpan<byte>",
            ParameterKind.Buffer => "global::System.Span<byte>",
            _ => p.TypeName,
        };
        return $"{Direction(p)}{type} {p.Name}";
    }

    public static string Direction(ParameterModel p) =>
        p.IsOut ? "out "
        : p.IsIn ? "in "
        : "";

    private static void WriteMethod(CodeWriter code, InterfaceModel service, MethodModel method)
    {
        if (method.IsSmall)
        {
            WriteSmallMethod(code, service, method);
            return;
        }
        if (method.IsPlain)
        {
            WritePlainMethod(code, service, method);
            return;
        }
        string parameters = string.Join(", ", method.Parameters.Select(Parameter));
        string methods = FileWriter.Methods(service);
        code.Line("[global::System.Runtime.CompilerServices.SkipLocalsInit]");
        code.Open($"public unsafe {method.Result.TypeName} {method.Name}({parameters})");
        code.Line($"{FileWriter.Rpc}RpcMessage __message;");
        code.Line(
            $"var __writer = new {FileWriter.Rpc}MessageWriter(ref *&__message, "
                + $"{FileWriter.Rpc}RpcLabel.Request({methods}.InterfaceHash, {methods}.{method.Name}));"
        );
        foreach (ParameterModel input in method.Inputs)
        {
            ValueWriter.Put(code, input, input.Name);
        }
        string call = $"__transport.Call(ref *&__message, {method.CapabilitiesReceived})";
        code.Open($"if (!__writer.IsComplete || {call} != {FileWriter.Rpc}RpcStatus.Ok)");
        WriteFailure(code, method);
        code.Close();
        WriteReading(code, method);
        code.Close();
    }

    /// <summary>Nothing but registers: no message is laid out in memory.</summary>
    private static void WriteSmallMethod(CodeWriter code, InterfaceModel service, MethodModel method)
    {
        string parameters = string.Join(", ", method.Parameters.Select(Parameter));
        string methods = FileWriter.Methods(service);
        code.Line("[global::System.Runtime.CompilerServices.SkipLocalsInit]");
        code.Open($"public {method.Result.TypeName} {method.Name}({parameters})");
        code.Line($"var __words = default({FileWriter.Rpc}RpcWords);");
        int word = 0;
        foreach (ParameterModel input in method.Inputs)
        {
            code.Line($"__words.Word{word++} = {ValueWriter.ToWord(input, input.Name)};");
        }
        code.Line($"var __label = {FileWriter.Rpc}RpcLabel.Request({methods}.InterfaceHash, {methods}.{method.Name});");
        string call = $"__transport.CallWords(__label, {method.RequestWords}, ref __words, {method.ReplyWords})";
        code.Open($"if ({call} != {FileWriter.Rpc}RpcStatus.Ok)");
        WriteFailure(code, method);
        code.Close();
        code.Line("bool __malformed = false;");
        ValueWriter.TakeWord(code, method.Result, "var __result", "__result", "__words.Word0");
        word = 1;
        foreach (ParameterModel output in method.Outputs)
        {
            ValueWriter.TakeWord(code, output, output.Name, output.Name, $"__words.Word{word++}");
        }
        code.Open("if (__malformed)");
        WriteFailure(code, method);
        code.Close();
        code.Line("return __result;");
        code.Close();
    }

    /// <summary>A message in memory, without a reader or writer that would keep count.</summary>
    private static void WritePlainMethod(CodeWriter code, InterfaceModel service, MethodModel method)
    {
        const string message = "(*&__message)";
        string parameters = string.Join(", ", method.Parameters.Select(Parameter));
        string methods = FileWriter.Methods(service);
        code.Line("[global::System.Runtime.CompilerServices.SkipLocalsInit]");
        code.Open($"public unsafe {method.Result.TypeName} {method.Name}({parameters})");
        code.Line($"{FileWriter.Rpc}RpcMessage __message;");
        PlainWriter.Put(
            code,
            message,
            $"{FileWriter.Rpc}RpcLabel.Request({methods}.InterfaceHash, {methods}.{method.Name})",
            [.. method.Inputs.Select(static p => (p, p.Name))]
        );
        string call = $"__transport.Call(ref *&__message, {method.CapabilitiesReceived})";
        code.Open($"if ({call} != {FileWriter.Rpc}RpcStatus.Ok)");
        WriteFailure(code, method);
        code.Close();
        ParameterModel[] values = [method.Result, .. method.Outputs];
        code.Line($"bool __malformed = !{PlainWriter.Holds(message, values)};");
        PlainWriter.Take(
            code,
            message,
            [(method.Result, "var __result", "__result"), .. method.Outputs.Select(static p => (p, p.Name, p.Name))]
        );
        code.Open("if (__malformed)");
        code.Line($"{FileWriter.Rpc}MessageExchange.DiscardCapabilities(ref *&__message);");
        WriteFailure(code, method);
        code.Close();
        code.Line("return __result;");
        code.Close();
    }

    private static void WriteReading(CodeWriter code, MethodModel method)
    {
        code.Line($"var __reader = new {FileWriter.Rpc}MessageReader(ref *&__message);");
        foreach (ParameterModel buffer in method.Buffers)
        {
            code.Line($"__reader.ReadContent({buffer.Name});");
        }
        ValueWriter.Take(code, method.Result, "var __result", "__result");
        foreach (ParameterModel output in method.Outputs)
        {
            ValueWriter.Take(code, output, output.Name, output.Name);
        }
        code.Open("if (!__reader.IsComplete)");
        code.Line($"{FileWriter.Rpc}MessageExchange.DiscardCapabilities(ref *&__message);");
        WriteFailure(code, method);
        code.Close();
        code.Line("return __result;");
    }

    private static void WriteFailure(CodeWriter code, MethodModel method)
    {
        foreach (ParameterModel output in method.Outputs)
        {
            code.Line($"{output.Name} = default;");
        }
        code.Line($"return {method.Result.TypeName}.CallFailed;");
    }

    private static void WriteShorthand(CodeWriter code, InterfaceModel service, string name)
    {
        string transport = $"{FileWriter.Rpc}LocalTransport";
        string slot = $"{FileWriter.Kernel}CapabilitySlot";
        code.Line($"/// <summary>Calls a <see cref=\"{service.Name}\"/> of the same cluster.</summary>");
        code.Open($"{service.Accessibility} readonly struct {name}({slot} __slot) : {service.Name}");
        code.Line($"private readonly {name}<{transport}> __client = new(new {transport}(__slot));");
        code.Line();
        code.Line($"public {slot} Slot => __slot;");
        foreach (MethodModel method in service.Methods)
        {
            string parameters = string.Join(", ", method.Parameters.Select(Parameter));
            string arguments = string.Join(", ", method.Parameters.Select(static p => Direction(p) + p.Name));
            code.Line();
            code.Line($"public {method.Result.TypeName} {method.Name}({parameters}) =>");
            code.Line($"    __client.{method.Name}({arguments});");
        }
        code.Close();
    }
}
