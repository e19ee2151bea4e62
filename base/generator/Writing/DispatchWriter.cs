using System.Linq;
using Skerry.Base.Generator.Model;

namespace Skerry.Base.Generator.Writing;

/// <summary>
/// The dispatch: from a message to the method of a server. It is generic over the server's structure, so that each call
/// is direct.
/// </summary>
internal static class DispatchWriter
{
    private const string Messages = $"ref {FileWriter.Rpc}RpcMessage request, ref {FileWriter.Rpc}RpcMessage reply";

    public static void Write(CodeWriter code, InterfaceModel service)
    {
        code.Line($"/// <summary>Calls the methods of a server as messages ask for.</summary>");
        code.Open($"{service.Accessibility} static class {service.BaseName}Dispatch");
        WriteDispatch(code, service);
        foreach (MethodModel method in service.Methods)
        {
            code.Line();
            WriteMethod(code, service, method);
        }
        code.Close();
    }

    private static void WriteDispatch(CodeWriter code, InterfaceModel service)
    {
        string methods = FileWriter.Methods(service);
        code.Line(
            "/// <summary>Carries out a request and writes the reply; anything but Ok has called nothing.</summary>"
        );
        code.Line($"public static {FileWriter.Rpc}RpcStatus Dispatch<TServer>(ref TServer server, {Messages})");
        code.Open($"    where TServer : {service.Name}");
        code.Open($"if (request.Label.Interface == {methods}.InterfaceHash)");
        code.Open("switch (request.Label.Method)");
        foreach (MethodModel method in service.Methods)
        {
            code.Line($"case {methods}.{method.Name}:");
            code.Line($"    return {service.BaseName}Dispatch.{method.Name}(ref server, ref request, ref reply);");
        }
        code.Close();
        code.Close();
        code.Line(Refusal("UnknownMethod"));
        code.Close();
    }

    private static void WriteMethod(CodeWriter code, InterfaceModel service, MethodModel method)
    {
        code.Line($"private static {FileWriter.Rpc}RpcStatus {method.Name}<TServer>(ref TServer server, {Messages})");
        code.Open($"    where TServer : {service.Name}");
        if (method.IsPlain)
        {
            WritePlainBody(code, method);
            return;
        }
        code.Line($"var __reader = new {FileWriter.Rpc}MessageReader(ref request);");
        foreach (ParameterModel input in method.Inputs)
        {
            string local = Local(input);
            ValueWriter.Take(code, input, $"var {local}", local);
        }
        code.Open("if (!__reader.IsComplete)");
        code.Line(Refusal("BadMessage"));
        code.Close();
        code.Line(
            $"var __writer = new {FileWriter.Rpc}MessageWriter(ref reply, {FileWriter.Rpc}RpcLabel.Reply({FileWriter.Rpc}RpcStatus.Ok));"
        );
        foreach (ParameterModel buffer in method.Buffers)
        {
            code.Line($"var buffer_{Plain(buffer)} = __writer.ReserveContent({Local(buffer)});");
        }
        code.Line($"var __result = server.{method.Name}({string.Join(", ", method.Parameters.Select(Argument))});");
        ValueWriter.Put(code, method.Result, "__result");
        foreach (ParameterModel output in method.Outputs)
        {
            ValueWriter.Put(code, output, Local(output));
        }
        code.Line($"return {FileWriter.Rpc}RpcStatus.Ok;");
        code.Close();
    }

    private static void WritePlainBody(CodeWriter code, MethodModel method)
    {
        code.Open($"if (!{PlainWriter.Holds("request", method.Inputs)})");
        code.Line(Refusal("BadMessage"));
        code.Close();
        code.Line("bool __malformed = false;");
        PlainWriter.Take(code, "request", method.Inputs.Select(static p => (p, $"var {Local(p)}", Local(p))));
        code.Open("if (__malformed)");
        code.Line(Refusal("BadMessage"));
        code.Close();
        code.Line($"var __result = server.{method.Name}({string.Join(", ", method.Parameters.Select(Argument))});");
        PlainWriter.Put(
            code,
            "reply",
            $"{FileWriter.Rpc}RpcLabel.Reply({FileWriter.Rpc}RpcStatus.Ok)",
            [(method.Result, "__result"), .. method.Outputs.Select(static p => (p, Local(p)))]
        );
        code.Line($"return {FileWriter.Rpc}RpcStatus.Ok;");
        code.Close();
    }

    private static string Refusal(string status) =>
        $"return {FileWriter.Rpc}MessageWriter.Refuse(ref reply, {FileWriter.Rpc}RpcStatus.{status});";

    private static string Argument(ParameterModel p) =>
        p.Kind == ParameterKind.Buffer ? $"buffer_{Plain(p)}"
        : p.IsOut ? $"out var {Local(p)}"
        : ClientWriter.Direction(p) + Local(p);

    private static string Local(ParameterModel p) => $"argument_{Plain(p)}";

    private static string Plain(ParameterModel p) => p.Name.TrimStart('@');
}
