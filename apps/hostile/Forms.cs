using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Rpc;
using Skerry.Base.Startup;

namespace Skerry.Apps.Hostile;

/// <summary>Makes a message of a form: all zero, with no text and no capability, but for what the form says.</summary>
internal static class Forms
{
    private const int WordBytes = 8;

    /// <returns>False if there is no such message of this method.</returns>
    public static bool TryMake(ref RpcMessage message, in RpcMethodShape shape, Form form)
    {
        int capabilities = Fill(ref message, in shape, form, out bool isWrong);
        int length = message.Length;
        switch (form)
        {
            case Form.Right:
                return true;
            case Form.MethodZero:
                message.Label = RpcLabel.Request(shape.InterfaceHash, 0);
                return true;
            case Form.LastMethod:
                message.Label = RpcLabel.Request(shape.InterfaceHash, RpcLabel.MaximumMethod);
                return true;
            case Form.OtherInterface:
                message.Label = RpcLabel.Request(shape.InterfaceHash ^ 1, shape.Method);
                return true;
            case Form.Empty:
                message.Length = 0;
                return length != 0;
            case Form.OneWordShort:
                message.Length = length - 1;
                return length > 1;
            case Form.OneWordLong:
                message.Length = length + 1;
                return length < MessageLimits.MaximumWords;
            case Form.Longest:
                message.Length = MessageLimits.MaximumWords;
                return length < MessageLimits.MaximumWords;
            case Form.OneCapabilityMore:
                message.Capabilities[capabilities] = Capability.In(new CapabilitySlot((uint)StartupSlot.Pd));
                message.CapabilityCount = capabilities + 1;
                return capabilities < MessageLimits.MaximumCapabilities;
            default:
                return isWrong;
        }
    }

    /// <returns>How many capabilities it takes.</returns>
    private static int Fill(ref RpcMessage message, in RpcMethodShape shape, Form form, out bool isWrong)
    {
        int capabilities = 0;
        isWrong = false;
        var writer = new MessageWriter(ref message, RpcLabel.Request(shape.InterfaceHash, shape.Method));
        for (int i = 0; i < shape.ParameterCount; i++)
        {
            RpcParameter parameter = shape.Parameter(i);
            switch (parameter.Kind)
            {
                case RpcParameterKind.Capability:
                    writer.WriteCapability(Capability.None);
                    capabilities++;
                    break;
                case RpcParameterKind.Structure:
                    for (int word = 0; word < parameter.Words; word++)
                    {
                        writer.WriteWord(0);
                    }
                    break;
                default:
                    ulong value = Value(parameter, form);
                    isWrong |= value != 0;
                    writer.WriteWord(value);
                    break;
            }
        }
        return capabilities;
    }

    private static ulong Value(RpcParameter parameter, Form form)
    {
        bool hasLength = parameter.Kind is RpcParameterKind.Text or RpcParameterKind.Buffer;
        return form switch
        {
            Form.LengthBeyondBound when hasLength => (ulong)(parameter.Words * WordBytes) + 1,
            Form.LargestLength when hasLength => ulong.MaxValue,
            Form.LengthBeyondEnd when parameter.Kind == RpcParameterKind.Text => (ulong)(parameter.Words * WordBytes),
            Form.NoMember when parameter.Kind == RpcParameterKind.Enumeration => uint.MaxValue,
            _ => 0,
        };
    }
}
